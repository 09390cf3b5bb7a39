import assert from "node:assert/strict";
import { test } from "node:test";

import { causesOf, counted } from "../../../bridge/fillwire_bridge/dashboard/static/quality/causes.js";
import { endedOf, merged, outcomes, successRate } from "../../../bridge/fillwire_bridge/dashboard/static/quality/ended.js";
import { days, mean, overall, pairs, summed, venues } from "../../../bridge/fillwire_bridge/dashboard/static/quality/figures.js";
import { percent } from "../../../bridge/fillwire_bridge/dashboard/static/quality/outcomes.js";
import { picked } from "../../../bridge/fillwire_bridge/dashboard/static/quality/pickers.js";
import { slippageHistogram, timeHistogram, times } from "../../../bridge/fillwire_bridge/dashboard/static/quality/histograms.js";
import { costByDay, costByOrder, filledByDay } from "../../../bridge/fillwire_bridge/dashboard/static/quality/plots.js";
import { totals } from "../../../bridge/fillwire_bridge/dashboard/static/plots/spec.js";

const row = (amountIn, more = {}) => ({ day: "2026-11-21", tokenIn: "SOL", tokenOut: "USDC", orders: "1", amountIn: String(amountIn), amountOut: "10", ...more });
const title = (venue) => venue.toUpperCase();

const REPORT = {
  rows: [
    row(60, { venue: "v", cost: { feeBps: 10, slippageBps: 1 } }),
    row(40, { venue: "w", day: "2026-11-19", orders: "3" }),
    row(5, { venue: "v", tokenIn: "BONK", tokenOut: "SOL" }),
  ],
  totals: [
    row(300, { day: "2026-11-19", cost: { totalBps: 10, feeBps: 10 }, orders: "2", meanTime: "1s" }),
    row(100, { cost: { totalBps: 30, driftBps: -5, impactBps: 35, savedBps: 8 }, meanTime: "4s" }),
  ],
};

const order = (orderId, more = {}) => ({
  orderId,
  status: "ORDER_STATUS_CONFIRMED",
  spec: { tokenIn: "SOL", tokenOut: "USDC", market: {} },
  attempt: 1,
  createTime: "2026-11-21T10:00:00Z",
  updateTime: "2026-11-21T10:00:00.750Z",
  receipt: { cost: { totalBps: 14, feeBps: 10, impactBps: 5, slippageBps: -1 } },
  ...more,
});
const failed = (orderId, reason, more = {}) => order(orderId, { status: "ORDER_STATUS_FAILED", receipt: undefined, failure: { reason: `FAILURE_REASON_${reason}` }, ...more });

test("costs are means weighted by what was given", () => {
  const [{ whole }] = pairs(REPORT);
  assert.deepEqual(whole.cost, { total: 15, drift: -1.25, fee: 7.5, impact: 8.75, slippage: 0, saved: 2 });
  assert.deepEqual([whole.orders, whole.amountIn, whole.seconds], [3, 400n, 2]);
});

test("pairs come by their orders, and those that were only parts of routes last", () => {
  assert.deepEqual(pairs(REPORT).map(({ tokenIn, whole }) => [tokenIn, Boolean(whole)]), [["SOL", true], ["BONK", false]]);
});

test("the venues of a pair come by what they were given", () => {
  assert.deepEqual(pairs(REPORT)[0].venues.map(([venue]) => venue), ["v", "w"]);
  assert.equal(pairs(REPORT)[0].venues[1][1].cost, null);
});

test("amounts are added to the last unit", () => {
  assert.equal(summed([row("90071992547409931"), row("1")]).amountIn, 90071992547409932n);
});

test("a report of nothing has no pairs, no days and no figures", () => {
  assert.deepEqual([pairs({}), days({}), venues({})], [[], [], []]);
  assert.deepEqual(overall([]), { orders: 0, total: null, saved: null, seconds: null });
  assert.equal(mean([]), null);
});

test("overall, each order counts as one", () => {
  const two = pairs({ totals: [row(1000, { orders: "3", cost: { totalBps: 10 } }), row(1, { tokenIn: "JUP", cost: { totalBps: 30 } })] });
  assert.deepEqual(overall(two), { orders: 4, total: 15, saved: 0, seconds: null });
});

test("days have no gap", () => {
  assert.deepEqual(days(REPORT), ["2026-11-19", "2026-11-20", "2026-11-21"]);
});

test("the cost of a day is split in parts that add up to its total", () => {
  const spec = costByDay(REPORT);
  assert.deepEqual(spec.series.map(({ label }) => label), ["drift", "fee", "impact", "slippage"]);
  assert.deepEqual(totals(spec), [10, null, 30]);
  assert.deepEqual([spec.heading(0), spec.label(2)], ["19 Nov 2026", "21 Nov"]);
});

test("there is no plot of costs that are not known", () => {
  assert.equal(costByDay({ totals: [row(1)] }), null);
  assert.equal(costByOrder(endedOf([order("a", { receipt: {} })])), null);
});

test("a colour is a venue's, the one with most orders first", () => {
  const spec = filledByDay(REPORT, { title, measure: (one) => Number(one.orders) });
  assert.deepEqual(spec.series.map(({ label, values }) => [label, values]), [["W", [3, 0, 0]], ["V", [0, 0, 2]]]);
});

test("an order that has ended is told by its last attempt and its time", () => {
  assert.deepEqual(endedOf([order("a", { attempt: 2 })]), [{
    orderId: "a",
    at: Date.parse("2026-11-21T10:00:00.750Z"),
    status: "CONFIRMED",
    reason: "",
    attempts: 2,
    seconds: 0.75,
    cost: { drift: 0, fee: 10, impact: 5, slippage: -1 },
  }]);
});

test("an order that waited for its price is not timed, and one under way has not ended", () => {
  const rested = order("a", { spec: { limit: { limitPrice: "1" } } });
  assert.equal(endedOf([rested])[0].seconds, null);
  assert.deepEqual(endedOf([order("b", { status: "ORDER_STATUS_RETRYING" })]), []);
});

test("a TWAP order counts as its children", () => {
  assert.deepEqual(endedOf([order("parent", { spec: { twap: {} } }), order("child")]).map(({ orderId }) => orderId), ["child"]);
});

test("news replace what was known of an order, the newest come first, and the oldest go", () => {
  const at = (orderId, at, status = "CONFIRMED") => ({ orderId, at, status });
  const found = merged([at("a", 1), at("b", 2)], [at("c", 3), at("a", 4, "FAILED")], 2);
  assert.deepEqual(found, [at("a", 4, "FAILED"), at("c", 3)]);
});

test("orders ended well, after retries, failed by reason, or were withdrawn", () => {
  const found = outcomes(endedOf([
    order("a"),
    order("b"),
    order("c", { attempt: 3 }),
    order("d", { attempt: 2 }),
    failed("e", "NO_ROUTE"),
    failed("f", "SLIPPAGE_EXCEEDED", { attempt: 4 }),
    failed("g", "SLIPPAGE_EXCEEDED"),
    order("h", { status: "ORDER_STATUS_CANCELLED", receipt: undefined, failure: { reason: "FAILURE_REASON_WITHDRAWN" } }),
    order("i", { status: "ORDER_STATUS_EXPIRED", receipt: undefined, failure: { reason: "FAILURE_REASON_DEADLINE_EXCEEDED" } }),
  ]));
  assert.deepEqual(found.map(({ name, count }) => [name, count]), [
    ["Confirmed at the first attempt", 2],
    ["Confirmed after 1 retry", 1],
    ["Confirmed after 2 retries", 1],
    ["Failed: slippage exceeded", 2],
    ["Failed: no route", 1],
    ["Cancelled: withdrawn", 1],
    ["Expired: deadline exceeded", 1],
  ]);
});

test("success is of the orders that were tried", () => {
  const cancelled = order("c", { status: "ORDER_STATUS_CANCELLED", receipt: undefined });
  assert.equal(successRate(endedOf([order("a"), order("b"), order("d"), failed("e", "NO_ROUTE"), cancelled])), 0.75);
  assert.equal(successRate(endedOf([cancelled])), undefined);
});

test("nothing short of all is all, and nothing above none is none", () => {
  assert.deepEqual([1, 0.9999, 0.5, 0.0001, 0].map(percent), ["100%", "99.9%", "50.0%", "<0.1%", "0%"]);
});

test("every attempt that came to nothing has its cause, the commonest first", () => {
  const attempts = (...reasons) => reasons.map((reason) => (reason ? { failure: { reason: `FAILURE_REASON_${reason}` } } : {}));
  const causes = [...causesOf(attempts("VENUE_REFUSED", "SLIPPAGE_EXCEEDED", null)), ...causesOf(attempts("SLIPPAGE_EXCEEDED"))];
  assert.deepEqual(counted(causes), [{ name: "Slippage exceeded", count: 2 }, { name: "Venue refused", count: 1 }]);
});

const timed = (count, seconds) => Array.from({ length: count }, (_, n) => ({ orderId: `${seconds} ${n}`, seconds, cost: null }));

test("times are told by the shares of orders that were not slower", () => {
  const found = times([...timed(90, 0.5), ...timed(6, 2), ...timed(4, 9)]);
  assert.deepEqual(found, [{ share: 0.5, seconds: 0.5 }, { share: 0.95, seconds: 2 }, { share: 0.99, seconds: 9 }]);
  assert.deepEqual(times([]), []);
});

test("the histogram of times has all orders, and says what its outer bins hold", () => {
  const spec = timeHistogram([...timed(60, 0.5), ...timed(37, 0.72), ...timed(3, 9)]);
  const counts = spec.series[0].values;
  assert.equal(counts.reduce((sum, count) => sum + count), 100);
  assert.match(spec.heading(counts.length - 1), /and more$/);
  assert.deepEqual(spec.rules.map(({ label }) => label), ["p50 500 ms", "p95 720 ms", "p99 9.00 s"]);
  assert.equal(timeHistogram([]), null);
});

test("no slippage lies in the middle of its bin", () => {
  const orders = [-3, -1, 0, 0, 0, 2, 4].map((slippage) => ({ cost: { slippage } }));
  const spec = slippageHistogram(orders);
  const most = spec.series[0].values.indexOf(3);
  assert.ok(spec.edges);
  assert.equal(Number(spec.label(most).replace("−", "-")), -Number(spec.label(most + 1)));
});

test("the last orders are drawn from old to new", () => {
  const at = (orderId, second) => order(orderId, { updateTime: `2026-11-21T10:00:0${second}Z` });
  const spec = costByOrder(merged([], endedOf([at("a", 1), at("b", 3), at("c", 2)]), 10));
  assert.deepEqual([0, 1, 2].map((place) => spec.heading(place).slice(-6)), ["01.000", "02.000", "03.000"]);
  assert.deepEqual(totals(spec), [14, 14, 14]);
});

test("the address picks a period and a pair, and anything else is a week of all pairs", () => {
  const now = Date.parse("2026-11-21T10:20:00Z");
  assert.deepEqual(picked({ days: "30", pair: "SOL/USDC" }, now), { days: 30, pair: "SOL/USDC", since: "2026-10-22T10:00:00.000Z" });
  assert.deepEqual(picked({ days: "31", pair: "SOL" }, now), { days: 7, pair: "", since: "2026-11-14T10:00:00.000Z" });
});
