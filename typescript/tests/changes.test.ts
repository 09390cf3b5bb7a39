import assert from "node:assert/strict";

import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationMs, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import {
  DeadlineExceeded,
  FailedPrecondition,
  InvalidRequest,
  NotFound,
  OrderChanged,
  OrderNotResting,
  OrderStatus,
  OrderType,
  TimeInForce,
  type ReplaceTerms,
} from "@fillwire/client";
import type {
  CancelAllOrdersAfterRequest,
  CancelAllOrdersRequest,
  ListOrdersRequest,
  ListPoolsRequest,
  OrderSchema,
  ReplaceOrderRequest,
} from "@fillwire/client/v1";

import { story } from "./engine.js";
import { draining, gone, refusal } from "./frames.js";

const RESTING = {
  orderId: "one",
  status: OrderStatus.RESTING,
  lastSeq: 2n,
  spec: {
    tokenIn: "SOL",
    tokenOut: "USDC",
    amount: { case: "amountIn", value: "1500000000" },
    slippageBps: 50,
    minAmountOut: "200000000",
    maxPriceImpactBps: 100,
    deadline: timestampFromDate(new Date("2026-11-21T12:00:00Z")),
    timeInForce: TimeInForce.GTD,
    goodTillTime: timestampFromDate(new Date("2026-11-21T11:00:00Z")),
    clientOrderId: "mine",
    quoteId: "used",
    routing: { maxLegs: 2, excludeVenues: ["orca_whirlpool"] },
    type: { case: "limit", value: { limitPrice: "170" } },
  },
} satisfies MessageInitShape<typeof OrderSchema>;

let replaced: ReplaceOrderRequest[];
let reads: number;

/** A script of one order that rests; a replace is answered by these steps, one after the other, and then well. */
function resting(...steps: (() => never)[]) {
  return () => {
    replaced = [];
    reads = 0;
    return {
      orders: {
        getOrder: () => {
          reads += 1;
          return { order: RESTING };
        },
        replaceOrder: (request: ReplaceOrderRequest) => {
          steps[replaced.push(request) - 1]?.();
          return { order: { ...RESTING, spec: request.spec, lastSeq: 3n } };
        },
      },
    };
  };
}

async function caught(call: Promise<unknown>): Promise<unknown> {
  return call.then(() => undefined, (thrown: unknown) => thrown);
}

story("a replace changes what is given, and leaves the rest as it is", resting(), async (client) => {
  const order = await client.get("one");
  const changed = await client.replace(order, {
    type: { kind: "limit", limitPrice: "1.715e2" },
    amountIn: "2",
    minAmountOut: "300",
  });
  const [request] = replaced;
  assert.deepEqual([request?.orderId, request?.ifLastSeq], ["one", 2n]);
  assert.match(request?.requestId ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(request?.spec, {
    ...order.spec,
    amount: { case: "amountIn", value: "2000000000" },
    minAmountOut: "300000000",
    quoteId: "",
    type: { case: "limit", value: { $typeName: "fillwire.v1.LimitOrder", limitPrice: "171.5" } },
  });
  assert.equal(changed.lastSeq, 3n);
  // The order that was given is the caller's own, and still as it was read.
  assert.deepEqual([order.spec?.amount.value, order.spec?.quoteId], ["1500000000", "used"]);
  assert.equal(reads, 1);
});

story("a term that is null is taken off", resting(), async (client) => {
  await client.replace("one", {
    slippageBps: null,
    minAmountOut: null,
    maxPriceImpactBps: null,
    deadline: null,
    timeInForce: null,
    goodTillTime: null,
    clientOrderId: null,
    routing: null,
  });
  const spec = replaced[0]?.spec;
  assert.ok(spec);
  assert.deepEqual([spec.slippageBps, spec.maxPriceImpactBps, spec.deadline], [undefined, undefined, undefined]);
  assert.deepEqual([spec.timeInForce, spec.goodTillTime, spec.routing], [0, undefined, undefined]);
  assert.deepEqual([spec.minAmountOut, spec.clientOrderId], ["", ""]);
  assert.deepEqual([spec.amount.value, spec.type.case], ["1500000000", "limit"]);
});

story("every term that can be changed arrives", resting(), async (client) => {
  const deadline = new Date("2026-12-01T00:00:00Z");
  await client.replace("one", {
    amountOut: "240",
    slippageBps: 0,
    minAmountOut: null,
    maxAmountIn: "2.5",
    maxPriceImpactBps: 7,
    deadline,
    timeInForce: TimeInForce.GTC,
    goodTillTime: deadline,
    clientOrderId: "yours",
    routing: { maxHops: 1 },
  });
  const spec = replaced[0]?.spec;
  assert.ok(spec);
  assert.deepEqual(spec.amount, { case: "amountOut", value: "240000000" });
  assert.deepEqual([spec.slippageBps, spec.maxAmountIn, spec.maxPriceImpactBps], [0, "2500000000", 7]);
  assert.deepEqual([spec.deadline, spec.goodTillTime], [timestampFromDate(deadline), timestampFromDate(deadline)]);
  assert.deepEqual([spec.timeInForce, spec.clientOrderId], [TimeInForce.GTC, "yours"]);
  assert.deepEqual([spec.routing?.maxHops, spec.routing?.maxLegs, spec.routing?.excludeVenues], [1, undefined, []]);
});

story("a replace by id reads the order first, and may be meant for whatever it is", resting(), async (client) => {
  await client.replace("one", { slippageBps: 40 });
  await client.replace("one", { slippageBps: 40, ifLastSeq: null });
  await client.replace("one", { slippageBps: 40, ifLastSeq: 1 });
  assert.deepEqual(replaced.map(({ ifLastSeq }) => ifLastSeq), [2n, undefined, 1n]);
  assert.equal(new Set(replaced.map(({ requestId }) => requestId)).size, 3);
  assert.equal(reads, 3);
});

story(
  "a replace whose answer is lost is made again, and is the same change",
  resting(() => { throw draining(); }, () => { throw refusal(Code.DeadlineExceeded, "LATE"); }),
  async (client) => {
    await client.replace("one", { slippageBps: 40 });
    assert.equal(replaced.length, 3);
    assert.deepEqual(replaced[1], replaced[0]);
    assert.deepEqual(replaced[2], replaced[0]);
    assert.equal(reads, 1);
    const requestId = "a99f4a84-7b1c-4d0c-9a55-0d7ec3a0a6b6";
    await client.replace("one", { slippageBps: 40, requestId });
    assert.equal(replaced[3]?.requestId, requestId);
  },
);

for (const [reason, Kind] of [["ORDER_NOT_RESTING", OrderNotResting], ["ORDER_CHANGED", OrderChanged]] as const) {
  story(
    `a replace that comes too late says so, ${reason}`,
    resting(() => { throw refusal(Code.FailedPrecondition, reason); }),
    async (client) => {
      const error = await caught(client.replace("one", { slippageBps: 40 }));
      assert.ok(error instanceof Kind && error instanceof FailedPrecondition);
      assert.equal(replaced.length, 1);
    },
  );
}

story("every bad new term is named before anything is sent", resting(), async (client) => {
  const terms = { amountOut: "0.0000001", slippageBps: 1.5, deadline: new Date(NaN), ifLastSeq: 0.5 };
  const error = await caught(client.replace("one", { ...terms, type: { kind: "limit", limitPrice: "cheap" } }));
  assert.ok(error instanceof InvalidRequest);
  const fields = ["spec.amount_out", "spec.slippage_bps", "spec.deadline", "spec.limit.limit_price", "if_last_seq"];
  assert.deepEqual(error.violations.map(({ field }) => field), fields);
  assert.equal(replaced.length, 0);
});

story("what no order can have changed is a TypeError", resting(), async (client) => {
  const wrong: object[] = [
    { slipageBps: 40 },
    { tokenIn: "USDC" },
    { quote: "a quote" },
    { amountIn: 1.5 },
    { amountIn: "1", amountOut: "1" },
    { amountIn: null },
    { amountOut: null },
    { type: null },
    { type: { kind: "iceberg" } },
    { timeInForce: "GTC" },
    { clientOrderId: 7 },
    { ifLastSeq: "2" },
    { requestId: 7 },
  ];
  for (const terms of wrong) {
    const error = await caught(client.replace("one", terms as ReplaceTerms));
    assert.ok(error instanceof TypeError, `${JSON.stringify(terms)} ${String(error)}`);
  }
  assert.equal(replaced.length, 0);
});

story(
  "an order of a token that is no longer listed is not sent with other terms than it says",
  () => ({ orders: { getOrder: () => ({ order: { ...RESTING, spec: { ...RESTING.spec, tokenOut: "OLD" } } }) } }),
  async (client) => {
    const error = await caught(client.replace("one", { minAmountOut: "1" }));
    assert.ok(error instanceof InvalidRequest);
    assert.deepEqual(error.violations.map(({ field }) => field), ["spec.token_out"]);
  },
);

let switched: CancelAllOrdersAfterRequest[];
const WHEN = new Date("2026-11-21T12:00:00.250Z");

/** A script of a dead man's switch; it is set by these steps, one after the other, and then well. */
function deadMan(...steps: (() => never)[]) {
  return () => {
    switched = [];
    const cancelAllOrdersAfter = (request: CancelAllOrdersAfterRequest) => {
      steps[switched.push(request) - 1]?.();
      return request.timeout && durationMs(request.timeout) > 0 ? { cancelTime: timestampFromDate(WHEN) } : {};
    };
    return { orders: { cancelAllOrdersAfter } };
  };
}

story("the dead man's switch is set and taken off", deadMan(), async (client) => {
  assert.deepEqual(await client.cancelAllAfter(60_000), WHEN);
  assert.deepEqual(await client.cancelAllAfter(2500), WHEN);
  assert.equal(await client.cancelAllAfter(null), undefined);
  assert.deepEqual(switched.map(({ timeout }) => timeout && durationMs(timeout)), [60_000, 2500, 0]);
});

story(
  "a switch whose answer is lost is set again",
  deadMan(() => { throw draining(); }, () => { throw refusal(Code.DeadlineExceeded, "LATE"); }),
  async (client) => {
    assert.deepEqual(await client.cancelAllAfter(60_000), WHEN);
    assert.equal(switched.length, 3);
  },
);

story("a switch that would not be set as it was meant is refused", deadMan(), async (client) => {
  for (const ms of [0, 0.4, -0.4, NaN, Infinity, 1e300]) {
    const error = await caught(client.cancelAllAfter(ms));
    assert.ok(error instanceof InvalidRequest, String(ms));
    assert.deepEqual(error.violations.map(({ field }) => field), ["timeout"]);
  }
  for (const wrong of [undefined, "60000", 60_000n, new Date()]) {
    await assert.rejects(client.cancelAllAfter(wrong as never), TypeError);
  }
  assert.equal(switched.length, 0);
});

let withdrawn: CancelAllOrdersRequest[];
let pools: ListPoolsRequest[];

function filtered() {
  withdrawn = [];
  pools = [];
  return {
    orders: {
      cancelAllOrders: (request: CancelAllOrdersRequest) => {
        withdrawn.push(request);
        return { cancelled: 3, pending: 1 };
      },
    },
    market: {
      listPools: (request: ListPoolsRequest) => {
        pools.push(request);
        return { pools: [{ pool: "one" }] };
      },
    },
  };
}

story("all open orders are withdrawn, or those that pass the filters", filtered, async (client) => {
  const { cancelled, pending } = await client.cancelAll({ tokenIn: "SOL", types: [OrderType.LIMIT, OrderType.OCO] });
  assert.deepEqual([cancelled, pending], [3, 1]);
  await client.cancelAll();
  assert.deepEqual(withdrawn.map(({ types, tokenIn, tokenOut }) => [types, tokenIn, tokenOut]), [
    [[OrderType.LIMIT, OrderType.OCO], "SOL", ""],
    [[], "", ""],
  ]);
});

story("a filter that there is not withdraws nothing", filtered, async (client) => {
  const wrong: object[] = [{ token_in: "SOL" }, { statuses: [] }, { types: ["LIMIT"] }, { tokenIn: 7 }];
  for (const filters of wrong) await assert.rejects(client.cancelAll(filters), TypeError, JSON.stringify(filters));
  await assert.rejects(client.pools({ token: "SOL" } as object), TypeError);
  assert.deepEqual([withdrawn.length, pools.length], [0, 0]);
  assert.equal((await client.pools({ tokenA: "SOL", venue: "orca_whirlpool" })).length, 1);
  assert.deepEqual([pools[0]?.tokenA, pools[0]?.venue], ["SOL", "orca_whirlpool"]);
});

const asked: ListOrdersRequest[] = [];

function paged() {
  asked.length = 0;
  const listOrders = (request: ListOrdersRequest) => {
    asked.push(request);
    return { orders: [{ orderId: "child" }], nextPageToken: request.pageToken ? "" : "more" };
  };
  return { orders: { listOrders } };
}

story("the children of an order are listed, and pages by their token", paged, async (client) => {
  let count = 0;
  for await (const { orderId } of client.children("parent", { pageSize: 1 })) count += orderId === "child" ? 1 : 0;
  assert.equal(count, 2);
  assert.deepEqual(asked.map((request) => [request.parentOrderId, request.pageSize, request.pageToken]), [
    ["parent", 1, ""],
    ["parent", 1, "more"],
  ]);
  const page = await client.listPage({ tokenIn: "SOL" }, { pageSize: 7, pageToken: "here" });
  assert.deepEqual([page.orders.length, page.nextPageToken], [1, ""]);
  assert.deepEqual([asked[2]?.tokenIn, asked[2]?.pageSize, asked[2]?.pageToken], ["SOL", 7, "here"]);
  await assert.rejects(client.listPage({}, { pageSize: 1.5 }), TypeError);
  const never = { createTimeFrom: new Date(NaN), createTimeBefore: new Date(8.64e15) };
  const error = await caught(client.listPage(never));
  assert.ok(error instanceof InvalidRequest);
  assert.deepEqual(error.violations.map(({ field }) => field), ["create_time_from", "create_time_before"]);
  assert.equal(asked.length, 3);
});

let tries: number;

const away = () => {
  tries = 0;
  const getOrder = () => {
    tries += 1;
    throw draining();
  };
  const watchOrder = async function* () {
    tries += 1;
    throw draining();
  };
  return { orders: { getOrder, watchOrder } };
};

story("how often a call is made again may be said of one call, and of one watch", away, async (client) => {
  for (const [maxRetries, made] of [[0, 1], [1, 2], [undefined, 3]] as const) {
    tries = 0;
    await caught(client.get("one", { maxRetries }));
    assert.equal(tries, made);
    tries = 0;
    await caught(client.watch("one", { maxRetries })[Symbol.asyncIterator]().next());
    assert.equal(tries, made);
  }
});

let left: number | undefined;

story(
  "a client's own time holds for each call, and for no stream",
  () => ({
    orders: {
      getOrder: async (_request, { signal, timeoutMs }) => {
        // Only over gRPC-Web is the engine told.
        left = timeoutMs();
        await gone(signal);
        throw refusal(Code.Canceled, "CANCELLED");
      },
      watchOrder: async function* () {
        throw refusal(Code.NotFound, "ORDER_NOT_FOUND");
      },
    },
  }),
  async (client) => {
    await assert.rejects(client.get("one"), DeadlineExceeded);
    assert.ok((left ?? 0) <= 100, String(left));
    await assert.rejects(client.watch("one")[Symbol.asyncIterator]().next(), NotFound);
  },
  { timeoutMs: 100 },
);
