import assert from "node:assert/strict";

import { Code } from "@connectrpc/connect";
import {
  DeadlineExceeded,
  InvalidRequest,
  OrderFailed,
  OrderStatus,
  RequestIdReused,
  Unavailable,
  type SubmitTerms,
} from "@fillwire/client";
import type {
  ListOrdersRequest,
  SubmitAndWatchOrderRequest,
  SubmitOrderRequest,
  WatchOrderRequest,
} from "@fillwire/client/v1";

import { BadRequestSchema } from "../src/gen/google/rpc/error_details_pb.js";
import { story } from "./engine.js";
import { draining, event, frames, gone, occurrence, order, refusal, snapshot } from "./frames.js";

const TERMS: SubmitTerms = { tokenIn: "SOL", tokenOut: "USDC", amountIn: "1.5", slippageBps: 50 };

let submitted: SubmitOrderRequest[];

/** A script that gives these answers to submits, one after the other. */
function answers(...steps: (() => object)[]) {
  return () => {
    submitted = [];
    return {
      orders: {
        submitOrder: (request: SubmitOrderRequest) => {
          const step = steps[submitted.push(request) - 1];
          if (step === undefined) throw refusal(Code.Unimplemented, "ASKED_TOO_OFTEN");
          return step();
        },
      },
    };
  };
}

const stored = () => ({ order: order(1), deduplicated: false });

story("a submit says what was meant in smallest units", answers(stored), async (client) => {
  const answer = await client.submit({
    ...TERMS,
    minAmountOut: "200",
    maxPriceImpactBps: 100,
    deadline: new Date("2026-11-21T12:00:00.250Z"),
    clientOrderId: "mine",
    routing: { maxLegs: 2, excludeVenues: ["orca_whirlpool"] },
    type: { kind: "oco", limitPrice: "200", triggerPrice: "1.5e2" },
  });
  assert.equal(answer.orderId, "one");
  assert.equal(answer.deduplicated, false);
  const spec = submitted[0]?.spec;
  assert.ok(spec);
  assert.deepEqual(spec.amount, { case: "amountIn", value: "1500000000" });
  assert.equal(spec.minAmountOut, "200000000");
  assert.equal(spec.slippageBps, 50);
  assert.equal(spec.deadline?.nanos, 250_000_000);
  assert.deepEqual([spec.routing?.maxLegs, spec.routing?.maxHops], [2, undefined]);
  assert.equal(spec.type.case, "oco");
  assert.deepEqual([spec.type.value.limit?.limitPrice, spec.type.value.stop?.triggerPrice], ["200", "150"]);
});

story(
  "a submit whose answer is lost is made again with the same id",
  answers(() => { throw draining(); }, () => { throw draining(); }, stored),
  async (client) => {
    await client.submit(TERMS);
    const ids = submitted.map(({ requestId }) => requestId);
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 1);
    assert.match(ids[0] ?? "", /^[0-9a-f-]{36}$/);
  },
);

story(
  "a submit is given up after its retries, and may be made again by its id",
  answers(...Array.from({ length: 9 }, () => () => { throw draining(); })),
  async (client) => {
    const requestId = "a99f4a84-7b1c-4d0c-9a55-0d7ec3a0a6b6";
    await assert.rejects(client.submit({ ...TERMS, requestId }), Unavailable);
    assert.deepEqual(submitted.map((request) => request.requestId), [requestId, requestId, requestId]);
  },
);

story(
  "a submit is not made again for what would come again",
  answers(() => {
    const fieldViolations = [{ field: "spec.amount_in", description: "differs" }];
    throw refusal(Code.AlreadyExists, "REQUEST_ID_REUSED", { desc: BadRequestSchema, value: { fieldViolations } });
  }),
  async (client) => {
    const error = await client.submit(TERMS).then(() => undefined, (thrown: unknown) => thrown);
    assert.ok(error instanceof RequestIdReused);
    assert.deepEqual(error.violations, [{ field: "spec.amount_in", description: "differs" }]);
    assert.equal(error.reason, "REQUEST_ID_REUSED");
    assert.equal(submitted.length, 1);
  },
);

story("every bad field is named before anything is sent", answers(), async (client) => {
  const wrong = { tokenIn: "SOL", tokenOut: "DOGE", amountIn: "-1", slippageBps: 1.5, deadline: new Date(NaN) };
  const type = { kind: "twap" as const, slices: 2, intervalMs: Infinity };
  const error = await client.submit({ ...wrong, type }).then(() => undefined, (thrown: unknown) => thrown);
  assert.ok(error instanceof InvalidRequest);
  const fields = error.violations.map(({ field }) => field);
  const bad = ["token_out", "amount_in", "slippage_bps", "deadline", "twap.interval"];
  assert.deepEqual(fields, bad.map((name) => `spec.${name}`));
  assert.equal(submitted.length, 0);
});

story("a mistake of the caller is a TypeError", answers(), async (client) => {
  const wrong: object[] = [
    { ...TERMS, amountIn: 1.5 },
    { ...TERMS, minAmountOut: 200 },
    { ...TERMS, slipageBps: 50 },
    { ...TERMS, slippageBps: "50" },
    { ...TERMS, amountOut: "1" },
    { ...TERMS, amountIn: undefined },
    { ...TERMS, deadline: "tomorrow" },
    { ...TERMS, routing: { excludeVenues: "orca" } },
    { ...TERMS, timeInForce: "IOC" },
    { ...TERMS, clientOrderId: 7 },
    { ...TERMS, requestId: 7 },
    { ...TERMS, type: { kind: "iceberg" } },
    { ...TERMS, type: { kind: "twap", slices: 2, intervalMs: "1000" } },
    { ...TERMS, type: { kind: "limit", limitPrice: 170.5 } },
  ];
  for (const terms of wrong) {
    await assert.rejects(client.submit(terms as SubmitTerms), TypeError);
    await assert.rejects(client.submitAndWatch(terms as SubmitTerms)[Symbol.asyncIterator]().next(), TypeError);
  }
  await assert.rejects(client.list({ statuss: [] } as object).next(), TypeError);
  await assert.rejects(client.list({ statuses: ["FAILED"] } as object).next(), TypeError);
  assert.throws(() => client.watchOrders({ token_in: "SOL" } as object), TypeError);
  await assert.rejects(client.get({} as never), TypeError);
  assert.equal(submitted.length, 0);
});

const asked: string[] = [];

/** A script of a submit that is watched: the first connection breaks unanswered, the second in the middle. */
function watched() {
  asked.length = 0;
  return {
    orders: {
      submitAndWatchOrder: async function* (request: SubmitAndWatchOrderRequest) {
        asked.push(request.order?.requestId ?? "");
        if (asked.length === 1) throw draining();
        yield { frame: { case: "submitted" as const, value: stored() } };
        yield { frame: { case: "event" as const, value: occurrence(1) } };
        throw draining();
      },
      watchOrder: (request: WatchOrderRequest) => {
        asked.push(`${request.orderId} after ${request.afterSeq}`);
        return frames(snapshot(5), event(2), event(3), event(4), event(5));
      },
    },
  };
}

story("a submit that is watched makes one order, and its watch resumes", watched, async (client) => {
  const watch = client.submitAndWatch({ ...TERMS, requestId: "the-id" });
  const seqs: number[] = [];
  for await (const { seq } of watch) seqs.push(Number(seq));
  assert.deepEqual(seqs, [1, 2, 3, 4, 5]);
  assert.deepEqual(asked, ["the-id", "the-id", "one after 1"]);
  assert.equal(watch.orderId, "one");
});

const pages: ListOrdersRequest[] = [];

function paged() {
  pages.length = 0;
  const listOrders = (request: ListOrdersRequest) => {
    const page = pages.push(request);
    const nextPageToken = page < 3 ? `after ${page}` : "";
    return { orders: [{ orderId: `${page}a` }, { orderId: `${page}b` }], nextPageToken };
  };
  return { orders: { listOrders } };
}

story("a list is fetched page after page, as far as it is read", paged, async (client) => {
  const ids: string[] = [];
  for await (const { orderId } of client.list({ tokenIn: "SOL", createTimeFrom: new Date(0) }, { pageSize: 2 })) {
    ids.push(orderId);
  }
  assert.deepEqual(ids, ["1a", "1b", "2a", "2b", "3a", "3b"]);
  assert.deepEqual(pages.map(({ pageToken, pageSize, tokenIn }) => [pageToken, pageSize, tokenIn]), [
    ["", 2, "SOL"],
    ["after 1", 2, "SOL"],
    ["after 2", 2, "SOL"],
  ]);
  pages.length = 0;
  for await (const _ of client.list()) break;
  assert.equal(pages.length, 1);
});

const FAILED = {
  orderId: "one",
  status: OrderStatus.FAILED,
  lastSeq: 3n,
  failure: { reason: 3, message: "the price moved" },
};

function ending() {
  return {
    orders: {
      watchOrder: () =>
        frames(
          { frame: { case: "snapshot", value: FAILED } },
          { frame: { case: "event", value: { orderId: "one", seq: 3n, status: OrderStatus.FAILED } } },
        ),
      getOrder: () => ({ order: FAILED }),
    },
  };
}

story("an order that failed is thrown with its reason", ending, async (client) => {
  const error = await client.wait("one").then(() => undefined, (thrown: unknown) => thrown);
  assert.ok(error instanceof OrderFailed);
  assert.equal(error.reason, "SLIPPAGE_EXCEEDED");
  assert.equal(error.message, "order one is FAILED: the price moved");
});

story(
  "waiting for a status that is passed through ends there",
  () => ({
    orders: {
      watchOrder: () => frames(snapshot(4), event(1), event(2), event(3), event(4)),
      getOrder: () => ({ order: order(4) }),
    },
  }),
  async (client) => {
    const found = await client.wait("one", { until: OrderStatus.BUILDING });
    assert.equal(found.status, OrderStatus.SUBMITTED);
  },
);

story(
  "a call ends with its time, and with its signal",
  () => ({
    orders: {
      getOrder: async (_request, { signal }) => {
        await gone(signal);
        throw refusal(Code.Canceled, "CANCELLED");
      },
    },
  }),
  async (client) => {
    await assert.rejects(client.get("one", { timeoutMs: 100 }), DeadlineExceeded);
    const reason = new Error("left");
    const caller = new AbortController();
    const call = client.get("one", { signal: caller.signal });
    setImmediate(() => caller.abort(reason));
    await assert.rejects(call, (error) => error === reason);
  },
);

let prices: number;

story(
  "a stream of prices begins again with the present",
  () => {
    prices = 0;
    const price = (midPrice: string) => ({ pair: "SOL/USDC", midPrice });
    const watchPrices = async function* () {
      prices += 1;
      yield price(`${prices}.1`);
      yield price(`${prices}.2`);
      throw draining();
    };
    return { market: { watchPrices } };
  },
  async (client) => {
    const seen: string[] = [];
    for await (const { midPrice } of client.watchPrices(["SOL/USDC"])) {
      seen.push(midPrice);
      if (seen.length === 6) break;
    }
    assert.deepEqual(seen, ["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]);
  },
);
