/** The whole way, from this package through a real bridge to a real engine. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import {
  CancelResult,
  FillwireClient,
  InvalidRequest,
  NotFound,
  OrderFailed,
  OrderStatus,
  OutOfRange,
  RequestIdReused,
  TimeInForce,
  type OrderEvent,
} from "@fillwire/client";
import { OrderService } from "@fillwire/client/v1";
import { WebSocket } from "ws";

import { ErrorInfoSchema } from "../src/gen/google/rpc/error_details_pb.js";
import { AWAY, SMALL, url } from "./given.js";

const WAY = ["PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED"];
const NOBODY = "11111111-1111-4111-8111-111111111111";

async function statuses(events: AsyncIterable<OrderEvent>): Promise<string[]> {
  const way: string[] = [];
  for await (const { status } of events) way.push(OrderStatus[status]);
  return way;
}

for (const transport of ["web", "socket"] as const) {
  describe(transport, { timeout: 100_000 }, () => {
    let client: FillwireClient;
    before(() => {
      client = new FillwireClient(url, { transport, WebSocket });
    });
    after(() => client.close());

    test("an order is submitted, watched to its end, and read", async () => {
      const order = await client.submit({ ...SMALL, clientOrderId: "mine" });
      assert.deepEqual(await statuses(client.watch(order)), WAY);
      const done = await client.wait(order);
      assert.equal(done.receipt?.amountIn, "1000000");
      assert.deepEqual((await client.get({ requestId: order.requestId })).receipt, done.receipt);
      assert.equal((await client.get({ clientOrderId: "mine" })).spec?.clientOrderId, "mine");
    });

    test("an order is submitted and watched in one call", async () => {
      const watch = client.submitAndWatch(SMALL);
      assert.deepEqual(await statuses(watch), WAY);
      assert.equal(watch.lastSeq, 5n);
      assert.deepEqual(await statuses(client.watch(watch.orderId, { afterSeq: 3 })), WAY.slice(3));
      assert.deepEqual(await statuses(client.watch(watch.orderId, { afterSeq: 5 })), []);
      assert.deepEqual(await statuses(client.watch(watch.orderId, { terminalOnly: true })), WAY.slice(4));
      await assert.rejects(statuses(client.watch(watch.orderId, { afterSeq: 6 })), OutOfRange);
    });

    test("a request id is one order, and another body is told apart", async () => {
      const requestId = crypto.randomUUID();
      const terms = { ...SMALL, requestId };
      const all = await Promise.all(Array.from({ length: 20 }, () => client.submit(terms)));
      assert.equal(new Set(all.map(({ orderId }) => orderId)).size, 1);
      assert.equal(all.filter(({ deduplicated }) => !deduplicated).length, 1);
      const other = client.submit({ ...terms, amountIn: "0.002" });
      await assert.rejects(other, (error) => error instanceof RequestIdReused && error.fields.includes("amount_in"));
    });

    test("the engine's rich errors arrive whole", async () => {
      await assert.rejects(client.get(NOBODY), (error) => {
        assert.ok(error instanceof NotFound);
        assert.equal(error.reason, "ORDER_NOT_FOUND");
        assert.equal(error.metadata["key"], NOBODY);
        return true;
      });
      await assert.rejects(statuses(client.watch(NOBODY)), NotFound);
      await assert.rejects(client.submit({ tokenIn: "SOL", tokenOut: "SOL", amountIn: "0" }), (error) => {
        assert.ok(error instanceof InvalidRequest);
        const fields = error.violations.map(({ field }) => field);
        for (const field of ["spec.amount_in", "spec.token_out"]) assert.ok(fields.includes(field), String(fields));
        return true;
      });
    });

    test("an order that fails is thrown with its reason", async () => {
      const order = await client.submit({ ...SMALL, type: AWAY, timeInForce: TimeInForce.IOC });
      await assert.rejects(client.wait(order), (error) => {
        return error instanceof OrderFailed && error.reason === "LIMIT_NOT_MET";
      });
    });

    test("an order that rests is cancelled, and its watch ends", async () => {
      const order = await client.submit({ ...SMALL, type: AWAY });
      assert.equal(order.status, OrderStatus.RESTING);
      const seen: string[] = [];
      for await (const { status } of client.watch(order)) {
        seen.push(OrderStatus[status]);
        if (status !== OrderStatus.RESTING) continue;
        const { result } = await client.cancel(order);
        assert.equal(result, CancelResult.CANCELLED);
      }
      assert.deepEqual(seen, ["PENDING", "RESTING", "CANCELLED"]);
      assert.equal((await client.wait(order, { until: OrderStatus.RESTING })).status, OrderStatus.CANCELLED);
      const again = await client.submit({ ...SMALL, type: AWAY });
      assert.equal((await client.cancelAll({ tokenIn: "SOL" })).cancelled, 1);
      await assert.rejects(client.wait(again), OrderFailed);
    });

    test("a watch of the account begins where it is told to, and goes on behind its cursor", async () => {
      const watch = client.watchOrders({ tokenIn: "SOL" });
      await watch.begin();
      const order = await client.submit(SMALL);
      const seen: string[] = [];
      for await (const event of watch) {
        if (event.orderId !== order.orderId) continue;
        if (seen.push(OrderStatus[event.status]) === 2) break;
      }
      for await (const event of client.watchOrders({ cursor: watch.cursor })) {
        if (event.orderId !== order.orderId) continue;
        if (seen.push(OrderStatus[event.status]) === 5) break;
      }
      assert.deepEqual(seen, WAY);
    });

    test("quotes tell their route and bind an order", async () => {
      const quote = await client.quote({ tokenIn: "SOL", tokenOut: "USDC", amountIn: "1.5" });
      assert.equal(quote.route?.amountIn, "1500000000");
      assert.ok(quote.route.legs.length > 0);
      const order = await client.submit({ ...SMALL, amountIn: "1.5", quote });
      assert.equal(order.spec?.quoteId, quote.quoteId);
      const exactOut = await client.quote({ tokenIn: "SOL", tokenOut: "USDC", amountOut: "100" });
      assert.equal(exactOut.route?.amountOut, "100000000");
    });

    test("quotes and prices stream", async () => {
      const quotes = client.streamQuotes({ tokenIn: "SOL", tokenOut: "USDC", amountIn: "1" }, { minIntervalMs: 100 });
      for await (const { route } of quotes) {
        assert.ok(BigInt(route?.amountOut ?? 0) > 0n);
        break;
      }
      for await (const { pair, midPrice } of client.watchPrices(["SOL/USDC"])) {
        assert.equal(pair, "SOL/USDC");
        assert.match(midPrice, /^\d+\.?\d*$/);
        break;
      }
    });

    test("lists, stories, sums and the market are read", async () => {
      const order = await client.submit(SMALL);
      await client.wait(order);
      const listed: string[] = [];
      for await (const { orderId } of client.list({ tokenIn: "SOL" }, { pageSize: 50 })) listed.push(orderId);
      assert.equal(listed[0], order.orderId);
      assert.equal(new Set(listed).size, listed.length);
      const story = await client.explain(order);
      assert.equal(story.events.length, 5);
      assert.ok((await client.report()).totals.length > 0);
      assert.ok((await client.venues()).length > 0);
      assert.ok((await client.pools({ tokenA: "SOL" })).length > 0);
      assert.equal((await client.account()).accountId, "default");
      assert.equal((await client.preview(SMALL)).orderId, "");
    });

    test("a hundred watches at a time all end", async () => {
      const orders = await Promise.all(Array.from({ length: 100 }, () => client.submit(SMALL)));
      const ways = await Promise.all(orders.map((order) => statuses(client.watch(order))));
      for (const way of ways) assert.equal(way.at(-1), "CONFIRMED");
    });
  });
}

test("the published @connectrpc/connect-web needs nothing of ours", { timeout: 60_000 }, async () => {
  const orders = createClient(OrderService, createGrpcWebTransport({ baseUrl: url }));
  const spec = { tokenIn: "SOL", tokenOut: "USDC", amount: { case: "amountIn" as const, value: "1000000" } };
  const { order } = await orders.submitOrder({ spec: { ...spec, slippageBps: 5000 }, requestId: crypto.randomUUID() });
  const seqs: bigint[] = [];
  for await (const { frame } of orders.watchOrder({ orderId: order?.orderId ?? "", afterSeq: 0n })) {
    if (frame.case === "event") seqs.push(frame.value.seq);
  }
  assert.deepEqual(seqs, [1n, 2n, 3n, 4n, 5n]);
  const unknown = orders.getOrder({ key: { case: "orderId", value: NOBODY } });
  const error = await unknown.then(() => undefined, ConnectError.from);
  assert.equal(error?.code, Code.NotFound);
  assert.equal(error?.findDetails(ErrorInfoSchema)[0]?.reason, "ORDER_NOT_FOUND");
});
