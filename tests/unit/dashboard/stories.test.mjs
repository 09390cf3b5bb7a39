import assert from "node:assert/strict";
import { test } from "node:test";

import { described } from "../../../bridge/fillwire_bridge/dashboard/static/order/described.js";
import { lastSeq, specAt, standing, tell, untold } from "../../../bridge/fillwire_bridge/dashboard/static/order/following.js";
import { replaceable } from "../../../bridge/fillwire_bridge/dashboard/static/order/replacing.js";
import { orderPath, place } from "../../../bridge/fillwire_bridge/dashboard/static/shell/places.js";
import { face, isFinal, typeName } from "../../../bridge/fillwire_bridge/dashboard/static/statuses.js";
import { entered, KEPT, matching, pairs, unread } from "../../../bridge/fillwire_bridge/dashboard/static/tape/book.js";

const TOKENS = new Map([["SOL", { symbol: "SOL", decimals: 9 }], ["USDC", { symbol: "USDC", decimals: 6 }]]);
const at = (second) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const event = (seq, status = "ROUTING", more = {}) => ({
  orderId: "a", seq: String(seq), status: `ORDER_STATUS_${status}`, time: at(seq), tokenIn: "SOL", tokenOut: "USDC", ...more,
});
const order = (orderId, { seq = 1, status = "PENDING", second = 0, tokenOut = "USDC" } = {}) => ({
  orderId, lastSeq: String(seq), status: `ORDER_STATUS_${status}`, createTime: at(second), updateTime: at(second),
  spec: { tokenIn: "SOL", tokenOut, amountIn: "1" },
});

test("an event that comes twice is told once", () => {
  const frames = [1, 2, 1, 2, 3].map((seq) => ({ frame: { event: event(seq) } }));
  const story = frames.reduce(tell, untold("a"));
  assert.deepEqual(story.events.map(({ seq }) => seq), ["1", "2", "3"]);
  assert.equal(lastSeq(story), 3);
});

test("a snapshot on resume leaves the events as they are", () => {
  const story = [{ frame: { event: event(1) } }, { frame: { snapshot: order("a", { seq: 2 }) } }].reduce(tell, untold("a"));
  assert.equal(story.events.length, 1);
  assert.equal(story.order.orderId, "a");
});

test("an order stands where the later of its snapshot and its events says", () => {
  const told = (frames) => standing(frames.map((frame) => ({ frame })).reduce(tell, untold("a")));
  assert.equal(told([{ snapshot: order("a", { seq: 5, status: "CONFIRMED" }) }, { event: event(1, "PENDING") }]).ended, true);
  assert.equal(told([{ snapshot: order("a") }, { event: event(2, "ROUTING") }]).status, "ORDER_STATUS_ROUTING");
  assert.deepEqual(told([{ event: event(1, "CONFIRMED", { receipt: { slot: "9" } }) }]).receipt, { slot: "9" });
});

test("another order begins untold", () => {
  assert.deepEqual(tell({ ...untold("a"), problem: { code: "NOT_FOUND" } }, { id: "b" }), untold("b"));
});

test("the tape takes the later word of each order, however it comes", () => {
  const list = { orders: [order("a", { seq: 1 })] };
  const events = { events: [event(3, "CONFIRMED", { receipt: { price: "160" } }), event(2)] };
  for (const words of [[list, events], [events, list], [list, events, list, events]]) {
    const [row, ...others] = [...words.reduce(entered, new Map()).values()];
    assert.deepEqual(others, []);
    assert.equal(row.status, "ORDER_STATUS_CONFIRMED");
    assert.equal(row.receipt.price, "160");
    assert.equal(row.spec.amountIn, "1");
    assert.equal(row.began, Date.parse(at(0)));
  }
});

test("what is not new does not draw the tape again", () => {
  const book = entered(new Map(), { orders: [order("a", { seq: 2 })] });
  assert.equal(entered(book, { orders: [order("a", { seq: 2 })], events: [event(1)] }), book);
});

test("the tape has the newest order first, and so many of them", () => {
  const orders = Array.from({ length: KEPT + 5 }, (_, second) => order(`o${second}`, { second }));
  const ids = [...entered(new Map(), { orders }).keys()];
  assert.equal(ids.length, KEPT);
  assert.equal(ids[0], `o${KEPT + 4}`);
});

test("orders of which only events are known are read", () => {
  const book = entered(new Map(), { orders: [order("b")], events: [event(1)] });
  assert.deepEqual(unread(book), ["a"]);
});

test("the tape narrows to a status and to a pair", () => {
  const orders = [order("a"), order("b", { status: "CONFIRMED", tokenOut: "BONK" }), order("c", { status: "EXPIRED" })];
  const book = entered(new Map(), { orders });
  const ids = (filter) => matching(book, { status: "", pair: "", ...filter }).map(({ orderId }) => orderId);
  assert.deepEqual(ids({ status: "open" }), ["a"]);
  assert.deepEqual(ids({ status: "withdrawn" }), ["c"]);
  assert.deepEqual(ids({ pair: "SOL/BONK" }), ["b"]);
  assert.deepEqual(pairs(book), ["SOL/BONK", "SOL/USDC"]);
});

test("events say what they know", () => {
  const says = (detail, spec) => described(event(2, "ROUTING", detail), spec, TOKENS);
  const cause = { reason: "FAILURE_REASON_SLIPPAGE_EXCEEDED", message: "below the floor" };
  assert.equal(says({ retrying: { retry: 1, maxRetries: 3, cause } }), "Slippage exceeded: below the floor. Retry 1 of 3");
  assert.equal(says({ failure: { reason: "FAILURE_REASON_NO_ROUTE" } }), "No route");
  assert.equal(says({ resting: {} }, { sniper: {} }), "Waits for a new pool");
  assert.equal(says({ resting: { triggerPrice: "150" } }, {}), "Waits for a price of 150");
  assert.equal(says({ fired: { condition: "ORDER_TYPE_TAKE_PROFIT", price: "165" } }), "Its take profit condition was met at 165");
  assert.equal(says({ receipt: { amountIn: "1500000000", amountOut: "240000000", price: "160" } }), "1.5 SOL for 240 USDC at 160, as quoted");
  assert.equal(says({}), "Quotes are collected from every pool");
});

test("an event is told with the terms of its time, and without any where these are not known", () => {
  const [before, after] = [{ limit: { limitPrice: "160" } }, { tokenOut: "USDC", tokenIn: "SOL", amountIn: "2000000000", limit: { limitPrice: "170" } }];
  const rests = event(2, "RESTING", { resting: { triggerPrice: "160" } });
  const replaced = event(3, "RESTING", { replaced: { spec: after, requestId: "r" } });
  const again = event(4, "RESTING", { resting: { triggerPrice: "170" } });
  const says = (one, events, spec) => described(one, specAt({ order: { spec }, events }, one), TOKENS);
  assert.equal(says(rests, [rests], before), "Waits for an average price of 160 or better");
  assert.equal(says(rests, [rests, replaced], after), "Waits for a price of 160");
  assert.equal(says(replaced, [rests, replaced], before), "Its terms were replaced: sell 2 SOL for USDC. Waits for an average price of 170 or better");
  assert.equal(says(again, [rests, replaced, again], before), "Waits for an average price of 170 or better");
});

test("terms can be replaced while an order rests and nothing of it has begun", () => {
  const can = (events, more = {}) => replaceable({ ...untold("a"), order: { ...order("a"), ...more }, events });
  assert.equal(can([event(1, "PENDING"), event(2, "RESTING")]), true);
  assert.equal(can([event(2, "RESTING"), event(3, "ROUTING")]), false);
  assert.equal(can([event(2, "RESTING")], { cancelRequested: true }), false);
  assert.equal(can([event(2, "RESTING"), event(3, "RESTING", { progress: { slicesBegun: 1 } })]), false);
});

test("an amount of a token that is no longer listed is told in smallest units", () => {
  const gone = event(9, "CONFIRMED", { tokenOut: "GONE", receipt: { amountIn: "1", amountOut: "7", price: "1" } });
  assert.match(described(gone, {}, TOKENS), /7 smallest units of GONE/);
});

test("statuses and types that this page does not know are shown by their names", () => {
  assert.equal(face("ORDER_STATUS_PARTLY_DONE").name, "Partly done");
  assert.equal(isFinal("ORDER_STATUS_EXPIRED"), true);
  assert.equal(isFinal("ORDER_STATUS_RECONCILING"), false);
  assert.equal(typeName({ trailingStop: {} }), "Trailing stop");
  assert.equal(typeName({}), "Market");
});

test("addresses name views", () => {
  assert.deepEqual(place(""), { view: "trade", params: {} });
  assert.deepEqual(place("#/?order=7"), { view: "trade", params: { order: "7" } });
  assert.deepEqual(place(orderPath("a/b")), { view: "orders", params: { id: "a/b" } });
  assert.deepEqual(place("#/market?pair=SOL/USDC"), { view: "market", params: { pair: "SOL/USDC" } });
  assert.deepEqual(place("#/nowhere"), { view: "trade", params: {} });
});
