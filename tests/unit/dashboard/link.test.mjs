import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff } from "../../../bridge/fillwire_bridge/dashboard/static/backoff.js";
import { CallError, Link } from "../../../bridge/fillwire_bridge/dashboard/static/link.js";
import { linked, READY, say } from "./linked.mjs";
import { serve } from "./socket_server.mjs";

function reached(link, state) {
  if (link.state === state) return Promise.resolve();
  return new Promise((resolve) => {
    const forget = link.onState((now) => now === state && (forget(), resolve()));
  });
}

/** What a watch says, one thing after the other. */
function told() {
  const queue = [];
  let wake = () => {};
  const put = (kind) => (value) => (queue.push({ [kind]: value }), wake());
  return {
    heard: { message: put("message"), end: put("end") },
    next: async () => {
      while (!queue.length) await new Promise((resolve) => (wake = resolve));
      return queue.shift();
    },
  };
}

const echo = (message, connection) => say(connection, message, message.request);

test("a call waits for the connection and gives the answer", () =>
  linked(echo, async (link) => {
    assert.equal(link.state, "connecting");
    assert.deepEqual(await link.call("OrderService/GetOrder", { orderId: "a" }), { orderId: "a" });
    assert.equal(link.account, "default");
  }));

test("the token goes with the first message", () =>
  linked(echo, async (link, server) => {
    await reached(link, "open");
    assert.deepEqual(server.heard[0], { hello: { token: "fw_key" } });
  }, { token: "fw_key" }));

test("calls beside each other get their own answers", () => {
  const waiting = [];
  const backwards = (message, connection) => waiting.push(message) === 2 && waiting.reverse().forEach((it) => echo(it, connection));
  return linked(backwards, async (link) => {
    const answers = await Promise.all([link.call("A/B", { a: 1 }), link.call("A/B", { b: 2 })]);
    assert.deepEqual(answers, [{ a: 1 }, { b: 2 }]);
  });
});

test("a refusal has the engine's code, words and details", () => {
  const end = { code: "INVALID_ARGUMENT", message: "wrong", details: [{ reason: "INVALID_REQUEST" }] };
  return linked(({ id }, connection) => connection.say({ id, end }), async (link) => {
    await assert.rejects(link.call("A/B", {}), (error) => {
      assert.ok(error instanceof CallError);
      assert.deepEqual([error.code, error.message, error.reason, error.unknown], ["INVALID_ARGUMENT", "wrong", "INVALID_REQUEST", false]);
      return true;
    });
  });
});

test("a connection that is lost leaves its calls unknown", () =>
  linked((_, connection) => connection.cut(), async (link) => {
    await assert.rejects(link.call("A/B", {}), { code: "UNAVAILABLE", unknown: true });
  }));

test("a watch resumes by asking its request anew", () => {
  let seq = 0;
  const twoThenCut = ({ id }, connection) => {
    connection.say({ id, message: { seq: ++seq } });
    connection.say({ id, message: { seq: ++seq } });
    if (seq < 4) connection.cut();
  };
  return linked(twoThenCut, async (link, server) => {
    const { heard, next } = told();
    let last = 0;
    const message = (it) => ((last = it.seq), heard.message(it));
    link.watch("OrderService/WatchOrder", () => ({ afterSeq: last }), { ...heard, message });
    for (const expected of [1, 2, 3, 4]) assert.deepEqual(await next(), { message: { seq: expected } });
    assert.deepEqual(server.calls("OrderService/WatchOrder").map(({ request }) => request.afterSeq), [0, 2]);
  });
});

test("a watch that the engine cannot answer is called again, and the page knows since when", () => {
  let calls = 0;
  const secondTime = ({ id }, connection) =>
    connection.say(++calls === 1 ? { id, end: { code: "UNAVAILABLE", message: "no engine" } } : { id, message: { seq: 1 } });
  return linked(secondTime, async (link) => {
    const silences = [];
    link.onState(() => silences.push(link.engineSilentSince > 0));
    const { heard, next } = told();
    link.watch("A/B", {}, heard);
    assert.deepEqual(await next(), { message: { seq: 1 } });
    assert.deepEqual(silences, [false, true, false]);
  });
});

test("any other end of a watch is its last word", () => {
  const end = { code: "NOT_FOUND", message: "no such order" };
  return linked(({ id }, connection) => connection.say({ id, end }), async (link, server) => {
    const { heard, next } = told();
    link.watch("A/B", {}, heard);
    assert.deepEqual(await next(), { end });
    server.connections[0].cut();
    await reached(link, "lost");
    await link.call("A/C", {}).catch(() => {});
    assert.equal(server.calls("A/B").length, 1);
  });
});

test("a watch that is stopped is cancelled and does not come back", () =>
  linked((message, connection) => message.call === "A/C" && echo(message, connection), async (link, server) => {
    await reached(link, "open");
    const stop = link.watch("A/B", {}, {});
    stop();
    await server.until(() => server.heard.some(({ cancel }) => cancel));
    const [{ id }] = server.calls("A/B");
    assert.deepEqual(server.heard.at(-1), { id, cancel: {} });
    server.connections[0].cut();
    await reached(link, "lost");
    await link.call("A/C", {});
    assert.equal(server.calls("A/B").length, 1);
  }));

test("a bridge that drains is left, and another connection is made", () =>
  linked(echo, async (link, server) => {
    await reached(link, "open");
    server.connections[0].close(1001);
    await reached(link, "lost");
    assert.equal(link.reason, "the bridge is restarting");
    await reached(link, "open");
    assert.equal(server.connections.length, 2);
  }));

test("a token that is refused ends the trying, and another one begins it again", async () => {
  const server = await serve(({ hello }, connection) => {
    if (hello?.token === "right") connection.say(READY);
    else connection.close(4401, "unknown key");
  });
  const link = new Link(server.url, { token: "wrong" });
  await reached(link, "denied");
  assert.equal(link.reason, "unknown key");
  await assert.rejects(link.call("A/B", {}), { code: "UNAUTHENTICATED" });
  link.identify("right");
  await reached(link, "open");
  assert.equal(server.connections.length, 2);
  link.close();
  server.close();
});

test("a key that is revoked meanwhile denies the page", () => {
  const end = { code: "UNAUTHENTICATED", message: "revoked" };
  return linked(({ id }, connection) => connection.say({ id, end }), async (link) => {
    await assert.rejects(link.call("A/B", {}), { code: "UNAUTHENTICATED" });
    assert.deepEqual([link.state, link.reason], ["denied", "revoked"]);
  });
});

test("pauses between tries grow, are random, and stay under five seconds", () => {
  assert.equal(backoff(1, () => 0), 100);
  assert.equal(backoff(1, () => 1), 200);
  assert.equal(backoff(3, () => 1), 800);
  assert.equal(backoff(99, () => 1), 5000);
});
