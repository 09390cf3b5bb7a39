import assert from "node:assert/strict";
import { test } from "node:test";

import { Course, aligned, change } from "../../../bridge/fillwire_bridge/dashboard/static/market/course.js";
import { plotsOf, spread } from "../../../bridge/fillwire_bridge/dashboard/static/market/plots.js";
import { record } from "../../../bridge/fillwire_bridge/dashboard/static/market/pool_courses.js";
import { labels, ordered, poolsOf, pressed } from "../../../bridge/fillwire_bridge/dashboard/static/market/pools.js";
import { scoreFacts } from "../../../bridge/fillwire_bridge/dashboard/static/market/venue_words.js";

const course = (...values) => {
  const made = new Course();
  values.forEach(([time, value]) => (value === null ? made.gap(time) : made.add(time, value)));
  return made;
};
const POOL = { pool: "p", venue: "v", tokenA: "SOL", tokenB: "USDC", price: "160", feeBps: 25, reserveA: "3", reserveB: "480", version: "7", slot: "9" };
const pool = (name, more) => ({ ...POOL, pool: name, ...more });
const title = (venue) => venue.toUpperCase();

test("a value holds until the next one, and to the end", () => {
  assert.deepEqual(aligned([course([1, 10], [3, 12]), course([2, 20])], 5), {
    x: [1, 2, 3, 5],
    series: [[10, 10, 12, 12], [null, 20, 20, 20]],
  });
});

test("nothing is known after a gap until the next value", () => {
  assert.deepEqual(aligned([course([1, 10], [2, null], [4, 11])], 5).series, [[10, null, 11, 11]]);
});

test("a gap where nothing is known changes nothing", () => {
  assert.deepEqual(course([1, null]).times, []);
  assert.deepEqual(course([1, 10], [2, null], [3, null]).times, [1, 2]);
});

test("values that come close upon each other keep the last of them and the first of all", () => {
  const made = course([1, 10], [1.1, 11], [1.2, 12], [1.3, 13]);
  assert.deepEqual([made.times, made.values], [[1, 1.1], [10, 13]]);
});

test("no courses make no plot", () => {
  assert.deepEqual(aligned([], 5), { x: [], series: [] });
  assert.deepEqual(aligned([new Course()], 5).x, []);
});

test("a long course stays bounded, keeps its first value, its gaps and its newest values", () => {
  const made = new Course();
  for (let time = 0; time < 10_000; time += 1) time === 5000 ? made.gap(time) : made.add(time, time);
  assert.ok(made.times.length <= 1200);
  assert.equal(made.first, 0);
  assert.equal(made.last, 9999);
  assert.ok(made.values.includes(null));
  assert.deepEqual(made.times.slice(-100), Array.from({ length: 100 }, (_, n) => 9900 + n));
  assert.deepEqual(made.times, [...made.times].sort((a, b) => a - b));
});

test("the change is against the first value", () => {
  assert.equal(change(course([1, 200], [2, 180], [3, 201])), 0.5);
  assert.equal(change(new Course()), undefined);
});

test("a pool is told the way round that its pair is", () => {
  const [turned] = poolsOf({ pools: [pool("p", { tokenA: "USDC", tokenB: "SOL", price: "0.00625", reserveA: "480", reserveB: "3" })] }, "SOL/USDC", 160);
  assert.deepEqual(turned, poolsOf({ pools: [POOL] }, "SOL/USDC", 160)[0]);
  assert.equal(turned.price, 160);
  assert.equal(turned.reserveA, "3");
});

test("how far a pool is off is in bps of the mid, and not known without one", () => {
  assert.equal(poolsOf({ pools: [pool("p", { price: "161.6" })] }, "SOL/USDC", 160)[0].offBps.toFixed(6), "100.000000");
  assert.equal(poolsOf({ pools: [POOL] }, "SOL/USDC", undefined)[0].offBps, null);
});

test("what the wire leaves out is nothing", () => {
  const { feeBps: _, reserveA: __, version: ___, slot: ____, ...bare } = POOL;
  const [told] = poolsOf({ pools: [bare] }, "SOL/USDC", 160);
  assert.deepEqual([told.feeBps, told.reserveA, told.version, told.slot], [0, "0", 0, 0]);
  assert.deepEqual(poolsOf({}, "SOL/USDC", 160), []);
});

test("pools are ordered by any column, by amounts to the last unit", () => {
  const wide = ["90071992547409930", "90071992547409931", "5"];
  const pools = poolsOf({ pools: wide.map((reserveA, at) => pool(`p${at}`, { reserveA })) }, "SOL/USDC", 160);
  const names = (column, down) => ordered(pools, { column, down }).map(({ pool }) => pool);
  assert.deepEqual(names("reserveA", true), ["p1", "p0", "p2"]);
  assert.deepEqual(names("reserveA", false), ["p2", "p0", "p1"]);
  assert.deepEqual(names("fee", true), ["p0", "p1", "p2"]);
});

test("a press on a column orders by it, and another one turns that round", () => {
  const by = pressed({ column: "price", down: true }, "fee");
  assert.deepEqual(by, { column: "fee", down: false });
  assert.deepEqual(pressed(by, "fee"), { column: "fee", down: true });
});

test("pools of one venue are told apart by a number, others by their venue", () => {
  const found = labels([pool("b.2", { venue: "b" }), pool("b.1", { venue: "b" }), pool("a.1", { venue: "a" })], title);
  assert.deepEqual([...found], [["a.1", { label: "A", nth: 0 }], ["b.1", { label: "B · 1", nth: 0 }], ["b.2", { label: "B · 2", nth: 1 }]]);
});

test("the prices of pools are kept the way round of the pair, and not known after a long silence", () => {
  const courses = new Map();
  record(courses, { pools: [POOL, pool("q", { tokenA: "USDC", tokenB: "SOL", price: "0.00625" })] }, "SOL", 100);
  record(courses, { pools: [pool("p", { price: "161" })] }, "SOL", 102);
  record(courses, { pools: [pool("p", { price: "162" })] }, "SOL", 200);
  assert.deepEqual(courses.get("p").times, [100, 102, 112, 200]);
  assert.deepEqual(courses.get("p").values, [160, 161, null, 162]);
  assert.deepEqual(courses.get("q").values, [160]);
});

test("the spread is between the highest and the lowest pool, in bps of the mid", () => {
  assert.deepEqual(spread([100, 100, null, 100], [[101, 101, 101, null], [99, null, 99, null]]), [200, null, null, null]);
});

test("the plot of a pair has its pools, a colour for each venue, and the mid over them", () => {
  const drawn = [["a.1", "a"], ["b.1", "b"], ["b.2", "b"]].map(([name, venue], at) => ({ pool: name, venue, course: course([1, 100 + at]) }));
  const { prices, spread } = plotsOf({ pair: "SOL/USDC", mid: course([1, 101]), pools: drawn, title, now: 2 });
  assert.deepEqual(prices.series.map(({ label }) => label), ["A", "B · 1", "B · 2", "Mid of all pools"]);
  const [a, first, second] = prices.series;
  assert.notEqual(a.colour, first.colour);
  assert.equal(first.colour, second.colour);
  assert.notDeepEqual(first.dash, second.dash);
  assert.equal(Math.round(spread.series[0].values.at(-1)), 198);
});

test("there is no plot before the first price, and no spread of one pool", () => {
  assert.deepEqual(plotsOf({ pair: "SOL/USDC", mid: undefined, pools: [], title, now: 2 }), { prices: null, spread: null });
  const drawn = [{ pool: "a.1", venue: "a", course: course([1, 100]) }];
  assert.equal(plotsOf({ pair: "SOL/USDC", mid: course([1, 101]), pools: drawn, title, now: 2 }).spread, null);
});

test("small prices are told apart on the axis", () => {
  const level = (mid) => plotsOf({ pair: "A/B", mid: course([1, mid]), pools: [], title, now: 2 }).prices.level(mid);
  assert.equal(level(160.123456), "160.12");
  assert.equal(level(0.00000011245), "0.00000011245");
});

const words = (score) => Object.fromEntries(scoreFacts(score).map(({ name, text }) => [name, text]));

test("a venue's score is told in words", () => {
  const told = words({ haircutBps: 1.26, fillErrorBps: -0.84, rejectRate: 0.031, latency: "0.412s", samples: 35.2, applied: true });
  assert.deepEqual(told, {
    Fills: "0.8 bps less than quoted",
    Refusals: "3.1 of 100 attempts refused or expired",
    "Lands in": "412 ms on average",
    Trust: "its quotes count 1.3 bps less",
    "Rests on": "about 35 fills and attempts",
  });
});

test("a venue that keeps its word is told so, and one that nothing is known of has no score", () => {
  assert.equal(words({ fillErrorBps: 2 }).Fills, "2.0 bps more than quoted");
  assert.deepEqual([words({}).Fills, words({}).Refusals, words({}).Trust], ["as quoted", "none", "its quotes are taken at their word"]);
  assert.deepEqual(scoreFacts(undefined), []);
});

test("a haircut that the operator has switched off is said to be observed only", () => {
  assert.match(words({ haircutBps: 2 }).Trust, /would count 2\.0 bps less, but scores are only observed/);
});
