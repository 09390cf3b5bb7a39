import assert from "node:assert/strict";
import { test } from "node:test";

import { Following } from "../../../bridge/fillwire_bridge/dashboard/static/tape/following.js";
import { linked, say } from "./linked.mjs";

const at = (second) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const event = (orderId, seq) => ({ orderId, seq: String(seq), status: "ORDER_STATUS_PENDING", time: at(seq), tokenIn: "SOL", tokenOut: "USDC" });
const order = (orderId, seq = 1) => ({
  orderId, lastSeq: String(seq), status: "ORDER_STATUS_PENDING", createTime: at(0), updateTime: at(seq), spec: { tokenIn: "SOL", tokenOut: "USDC" },
});

/** Follows until the book is as the test wants it. */
function followed(link, wanted) {
  return new Promise((resolve) => {
    const following = new Following(link, {
      stands: () => {},
      seen: (seen) => wanted(seen) && (following.stop(), resolve(seen)),
    });
  });
}

const known = (count) => ({ book }) => book.size === count && [...book.values()].every(({ spec }) => spec);

test("the list is asked for only when the stream stands, so no order falls between them", () => {
  const answer = (message, connection) => {
    if (message.call.endsWith("WatchOrders")) return connection.say({ id: message.id, message: { heartbeat: {}, cursor: "1" } });
    say(connection, message, { orders: [order("a")] });
  };
  return linked(answer, async (link, server) => {
    await followed(link, known(1));
    assert.deepEqual(server.heard.slice(1, 3).map(({ call }) => call), ["OrderService/WatchOrders", "OrderService/ListOrders"]);
  });
});

test("a stream that was lost goes on behind its cursor, and the list is not read again", () => {
  const answer = (message, connection, server) => {
    if (message.call.endsWith("ListOrders")) return say(connection, message, { orders: [order("a"), order("b")] });
    const resumed = server.calls("OrderService/WatchOrders").length > 1;
    if (resumed) return connection.say({ id: message.id, message: { event: event("b", 2), cursor: "c3" } });
    connection.say({ id: message.id, message: { heartbeat: {}, cursor: "c1" } });
    connection.say({ id: message.id, message: { event: event("a", 2), cursor: "c2" } });
    server.until(() => server.calls("OrderService/ListOrders").length).then(() => setImmediate(() => connection.cut()));
  };
  return linked(answer, async (link, server) => {
    const { book } = await followed(link, ({ book }) => book.get("b")?.seq === 2);
    assert.equal(book.get("a").seq, 2);
    assert.deepEqual(server.calls("OrderService/WatchOrders").map(({ request }) => request.cursor), ["", "c2"]);
  });
});

test("a cursor of another database is dropped with all that was read before", () => {
  const answer = (message, connection, server) => {
    const watches = server.calls("OrderService/WatchOrders");
    if (message.call.endsWith("ListOrders")) return say(connection, message, { orders: [order(watches.length > 2 ? "new" : "old")] });
    if (message.request.cursor) return connection.say({ id: message.id, end: { code: "OUT_OF_RANGE" } });
    connection.say({ id: message.id, message: { heartbeat: {}, cursor: "c1" } });
  };
  return linked(answer, async (link, server) => {
    const seen = followed(link, ({ book }) => book.has("new"));
    await server.until(() => server.calls("OrderService/ListOrders").length === 1);
    server.connections[0].cut();
    assert.deepEqual([...(await seen).book.keys()], ["new"]);
  });
});

test("new orders are read, many at once and page by page, until all are known", () => {
  const ids = Array.from({ length: 250 }, (_, number) => `o${number}`);
  const answer = (message, connection, server) => {
    if (message.call.endsWith("WatchOrders")) {
      connection.say({ id: message.id, message: { heartbeat: {}, cursor: "c" } });
      server.until(() => server.calls("OrderService/ListOrders").length === 1).then(() => {
        for (const id of ids) connection.say({ id: message.id, message: { event: event(id, 1), cursor: id } });
      });
    } else if (server.calls("OrderService/ListOrders").length === 1) say(connection, message, {});
    else if (message.request.pageToken) say(connection, message, { orders: ids.slice(200).map((id) => order(id)) });
    else say(connection, message, { orders: ids.slice(0, 200).map((id) => order(id)), nextPageToken: "more" });
  };
  return linked(answer, async (link, server) => {
    await followed(link, known(250));
    assert.ok(server.calls("OrderService/ListOrders").length <= 5);
  });
});
