import assert from "node:assert/strict";
import { test } from "node:test";

import { Following, MOST } from "../../../bridge/fillwire_bridge/dashboard/static/quality/recent.js";

const SINCE = { since: "2026-11-14T10:00:00Z" };

const order = (orderId, second = 1) => ({
  orderId,
  status: "ORDER_STATUS_CONFIRMED",
  spec: { market: {} },
  createTime: "2026-11-21T10:00:00Z",
  updateTime: new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString(),
});

/** Orders that have ended, and a link that knows them; its stream says what it is told to. */
class Engine {
  orders = new Map();
  calls = [];
  watches = [];
  down = false;

  watch(method, request, heard) {
    const watch = { method, heard, cursors: [request().cursor], resume: () => watch.cursors.push(request().cursor) };
    this.watches.push(watch);
    return () => (watch.stopped = true);
  }

  async call(method, request) {
    this.calls.push({ method, request });
    if (this.down) throw new Error("away");
    if (method === "OrderService/GetOrder") return { order: this.orders.get(request.orderId) };
    const all = [...this.orders.values()].reverse();
    const from = Number(request.pageToken || 0);
    const next = from + request.pageSize;
    return { orders: all.slice(from, next), nextPageToken: next < all.length ? `${next}` : "" };
  }

  add(...orders) {
    for (const one of orders) this.orders.set(one.orderId, one);
  }

  end(one, cursor) {
    this.add(one);
    this.watches.at(-1).heard.message({ cursor, event: { orderId: one.orderId } });
  }
}

/** What the page sees, with the clock in the test's hands. */
function followed(t, engine) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = { told: [], ends: 0 };
  seen.following = new Following(engine, SINCE, (recent) => seen.told.push(recent), () => (seen.ends += 1));
  seen.pass = async (millis) => {
    t.mock.timers.tick(millis);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  seen.ids = () => seen.told.at(-1)?.orders?.map(({ orderId }) => orderId);
  return seen;
}

test("nothing is read before the stream has begun, so that nothing ends unseen between the two", async (t) => {
  const engine = new Engine();
  engine.add(order("a"));
  const seen = followed(t, engine);
  await seen.pass(10_000);
  assert.deepEqual(engine.calls, []);
  engine.watches[0].heard.message({ cursor: "1" });
  await seen.pass(0);
  assert.deepEqual(seen.ids(), ["a"]);
});

test("what ends later is read by its id and put in front", async (t) => {
  const engine = new Engine();
  engine.add(order("a", 1));
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  await seen.pass(0);
  engine.end(order("b", 2), "2");
  await seen.pass(2000);
  assert.deepEqual(seen.ids(), ["b", "a"]);
  assert.equal(seen.ends, 1);
  assert.deepEqual(engine.calls.at(-1), { method: "OrderService/GetOrder", request: { orderId: "b" } });
});

test("what ends while the list is read is not missed", async (t) => {
  const engine = new Engine();
  engine.add(order("a", 1));
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  t.mock.timers.tick(0);
  engine.end(order("b", 2), "2");
  await seen.pass(0);
  await seen.pass(2000);
  assert.deepEqual(seen.ids(), ["b", "a"]);
});

test("a stream that is called again goes on behind its last frame", async (t) => {
  const engine = new Engine();
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  engine.end(order("a"), "2");
  engine.watches[0].resume();
  assert.deepEqual(engine.watches[0].cursors, ["", "2"]);
  await seen.pass(2000);
});

test("a cursor of another database begins anew, and reads all again", async (t) => {
  const engine = new Engine();
  engine.add(order("old"));
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  await seen.pass(0);
  engine.orders.clear();
  engine.add(order("new"));
  engine.watches[0].heard.end({ code: "OUT_OF_RANGE" });
  assert.deepEqual(engine.watches[1].cursors, [""]);
  engine.watches[1].heard.message({ cursor: "9" });
  await seen.pass(0);
  assert.deepEqual(seen.ids(), ["new"]);
});

test("what was asked of the database before is not taken for the new one's", async (t) => {
  const engine = new Engine();
  engine.add(order("a"));
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  await seen.pass(0);
  engine.end(order("old"), "2");
  t.mock.timers.tick(2000);
  engine.watches[0].heard.end({ code: "OUT_OF_RANGE" });
  await seen.pass(0);
  assert.deepEqual(seen.ids(), ["a"]);
  engine.orders.clear();
  engine.add(order("new"));
  engine.watches[1].heard.message({ cursor: "9" });
  await seen.pass(0);
  assert.deepEqual(seen.ids(), ["new"]);
});

test("a burst is read from the list, back to what is known", async (t) => {
  const engine = new Engine();
  engine.add(...Array.from({ length: 300 }, (_, n) => order(`old ${n}`, 1)));
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  await seen.pass(0);
  engine.calls.length = 0;
  for (let n = 0; n < 150; n += 1) engine.end(order(`new ${n}`, 2 + n), `${n}`);
  await seen.pass(2000);
  assert.deepEqual(engine.calls.map(({ method }) => method), ["OrderService/ListOrders", "OrderService/ListOrders"]);
  assert.equal(seen.ids().length, MOST);
  assert.equal(seen.ids()[0], "new 149");
});

test("what could not be read is read later, and the page is told why it waits", async (t) => {
  const engine = new Engine();
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  await seen.pass(0);
  engine.down = true;
  engine.end(order("a"), "2");
  await seen.pass(2000);
  assert.equal(seen.told.at(-1).failure.message, "away");
  engine.down = false;
  await seen.pass(2000);
  assert.deepEqual([seen.ids(), seen.told.at(-1).failure], [["a"], null]);
});

test("the first reading is tried again too", async (t) => {
  const engine = new Engine();
  engine.add(order("a"));
  engine.down = true;
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  await seen.pass(0);
  assert.equal(seen.told.at(-1).orders, null);
  engine.down = false;
  await seen.pass(2000);
  assert.deepEqual(seen.ids(), ["a"]);
});

test("nothing is read again where nothing has ended", async (t) => {
  const engine = new Engine();
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  await seen.pass(0);
  engine.watches[0].heard.message({ cursor: "2" });
  await seen.pass(10_000);
  assert.deepEqual([engine.calls.length, seen.ends], [1, 0]);
});

test("a stream that refuses to begin is not begun for ever", (t) => {
  const engine = new Engine();
  const seen = followed(t, engine);
  engine.watches[0].heard.end({ code: "OUT_OF_RANGE" });
  assert.deepEqual([engine.watches.length, seen.told.length], [1, 1]);
});

test("a stream that ends for good is told", (t) => {
  const engine = new Engine();
  const seen = followed(t, engine);
  engine.watches[0].heard.end({ code: "PERMISSION_DENIED" });
  assert.deepEqual(seen.told, [{ orders: null, failure: { code: "PERMISSION_DENIED" } }]);
});

test("who has left hears nothing more", async (t) => {
  const engine = new Engine();
  const seen = followed(t, engine);
  engine.watches[0].heard.message({ cursor: "1" });
  t.mock.timers.tick(0);
  seen.following.stop();
  await seen.pass(10_000);
  assert.deepEqual([seen.told, engine.watches[0].stopped], [[], true]);
});
