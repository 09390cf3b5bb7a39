/** Orders are changed on a real engine, through a real bridge. */
import assert from "node:assert/strict";

import { timestampDate } from "@bufbuild/protobuf/wkt";
import {
  InvalidRequest,
  OrderChanged,
  OrderFailed,
  OrderNotResting,
  OrderStatus,
  RequestIdReused,
  type Order,
} from "@fillwire/client";

import { AWAY, SMALL, story, url } from "./given.js";
import { Lossy } from "./lossy.js";

story("an order that rests is given new terms in place, once", async (client) => {
  const order = await client.submit({ ...SMALL, type: AWAY, maxPriceImpactBps: 500, clientOrderId: "mine" });
  const terms = { amountIn: "0.002", maxPriceImpactBps: null, requestId: crypto.randomUUID() };
  const type = { kind: "limit", limitPrice: "2000000.5" } as const;
  const all = await Promise.all(Array.from({ length: 10 }, () => client.replace(order, { ...terms, type })));
  for (const { orderId, lastSeq } of all) assert.deepEqual([orderId, lastSeq], [order.orderId, 3n]);
  const now = await client.get(order.orderId);
  const { maxPriceImpactBps, ...kept } = order.spec!;
  assert.equal(maxPriceImpactBps, 500);
  assert.ok(now.spec?.type.case === "limit");
  assert.equal(now.spec.type.value.limitPrice, "2000000.5");
  assert.deepEqual(now.spec, { ...kept, amount: { case: "amountIn", value: "2000000" }, type: now.spec.type });
  const { events } = await client.explain(order);
  assert.deepEqual(events.map(({ status }) => OrderStatus[status]), ["PENDING", "RESTING", "RESTING"]);
  const told = events[2]?.detail;
  assert.ok(told?.case === "replaced" && told.value.requestId === terms.requestId);
  await assert.rejects(client.replace(order, { slippageBps: 1 }), OrderChanged);
  await assert.rejects(client.replace(order, { ...terms, type: AWAY }), RequestIdReused);
  const wrong = client.replace(now, { type: { kind: "stop", triggerPrice: "1" }, minAmountOut: "0" });
  await assert.rejects(wrong, (error) => {
    return error instanceof InvalidRequest && error.violations.some(({ field }) => field === "spec.type");
  });
  await client.cancel(order);
  await assert.rejects(client.replace(order.orderId, { slippageBps: 1 }), OrderNotResting);
});

story("a replace whose answer is lost is made once", async (client, reach) => {
  const order = await client.submit({ ...SMALL, type: AWAY });
  const way = new Lossy(url);
  const caller = reach(await way.begin());
  try {
    // Asked before, so that the next answer is that of the replace.
    await caller.tokens();
    way.loseNext();
    const { lastSeq, spec } = await caller.replace(order, { slippageBps: 40 });
    assert.deepEqual([way.lost, lastSeq, spec?.slippageBps], [1, 3n, 40]);
    assert.equal((await client.explain(order)).events.length, 3);
  } finally {
    caller.close();
    way.end();
    await client.cancel(order);
  }
});

story("of many who change an order at once one is first", async (client) => {
  const order = await client.submit({ ...SMALL, type: AWAY });
  const changes = Array.from({ length: 10 }, (_, number) => client.replace(order, { slippageBps: number }));
  const ends = await Promise.allSettled(changes);
  assert.equal(ends.filter(({ status }) => status === "fulfilled").length, 1);
  for (const end of ends) assert.ok(end.status === "fulfilled" || end.reason instanceof OrderChanged);
  await client.cancel(order);
});

story("the dead man's switch is set, taken off, and acts", async (client) => {
  const at = await client.cancelAllAfter(60_000);
  const { cancelTime } = await client.account();
  assert.deepEqual(cancelTime && timestampDate(cancelTime), at);
  assert.notEqual(at, undefined);
  assert.equal(await client.cancelAllAfter(null), undefined);
  assert.equal((await client.account()).cancelTime, undefined);
  await assert.rejects(client.cancelAllAfter(999), (error) => {
    return error instanceof InvalidRequest && error.violations[0]?.field === "timeout";
  });
  const order = await client.submit({ ...SMALL, type: AWAY });
  await client.cancelAllAfter(1000);
  await assert.rejects(client.wait(order), (error) => {
    return error instanceof OrderFailed && error.reason === "SWITCHED_OFF";
  });
});

story("a TWAP order has children, which are listed page by page", async (client) => {
  const type = { kind: "twap", slices: 3, intervalMs: 1000 } as const;
  const parent = await client.submit({ ...SMALL, amountIn: "0.003", type });
  await client.wait(parent);
  const children: Order[] = [];
  for await (const child of client.children(parent, { pageSize: 1 })) children.push(child);
  assert.deepEqual(children.map(({ parentOrderId }) => parentOrderId), Array(3).fill(parent.orderId));
  const first = await client.listPage({ parentOrderId: parent.orderId }, { pageSize: 2 });
  assert.deepEqual(first.orders, children.slice(0, 2));
  const rest = await client.listPage({ parentOrderId: parent.orderId }, { pageToken: first.nextPageToken });
  assert.deepEqual([rest.orders, rest.nextPageToken], [children.slice(2), ""]);
});
