import assert from "node:assert/strict";

import type { MessageInitShape } from "@bufbuild/protobuf";
import { Internal, OrderStatus } from "@fillwire/client";
import type { WatchOrdersRequest, WatchOrdersResponseSchema } from "@fillwire/client/v1";

import { story } from "./engine.js";
import { draining, gone, occurrence } from "./frames.js";

type Frame = MessageInitShape<typeof WatchOrdersResponseSchema>;

const heartbeat = (cursor: string): Frame => ({ cursor, frame: { case: "heartbeat", value: {} } });
const event = (orderId: string, seq: number): Frame => ({
  cursor: `${orderId}${seq}`,
  frame: { case: "event", value: occurrence(seq, orderId) },
});

let asked: WatchOrdersRequest[];

/** A script of these connections; each ends with a server that drains, the last one hangs. */
function connections(...steps: Frame[][]) {
  return () => {
    asked = [];
    return {
      orders: {
        watchOrders: async function* (request: WatchOrdersRequest, { signal }: { signal: AbortSignal }) {
          const step = steps[asked.push(request) - 1] ?? [];
          yield* step;
          if (asked.length < steps.length) throw draining();
          await gone(signal);
        },
      },
    };
  };
}

story(
  "the account's events come once each, behind the cursor of the last",
  connections(
    [heartbeat("start"), event("a", 1), event("b", 1)],
    [heartbeat("b1"), event("b", 1), event("a", 2)],
    [event("b", 2)],
  ),
  async (client) => {
    const watch = client.watchOrders({ tokenIn: "SOL", statuses: [] });
    const seen: string[] = [];
    for await (const { orderId, seq } of watch) {
      if (seen.push(`${orderId}${seq}`) === 4) break;
    }
    assert.deepEqual(seen, ["a1", "b1", "a2", "b2"]);
    assert.deepEqual(asked.map(({ cursor }) => cursor), ["", "b1", "a2"]);
    assert.equal(watch.cursor, "b2");
    assert.equal(asked[2]?.tokenIn, "SOL");
  },
);

story(
  "a watch from the start asks for it once",
  connections([event("a", 1)], [event("a", 2)]),
  async (client) => {
    let seen = 0;
    for await (const _ of client.watchOrders({ fromStart: true })) if ((seen += 1) === 2) break;
    assert.deepEqual(asked.map(({ cursor, fromStart }) => [cursor, fromStart]), [["", true], ["a1", false]]);
  },
);

story(
  "an event that is missing is asked for again",
  connections([event("a", 1), event("a", 3)], [event("a", 2), event("a", 3)]),
  async (client) => {
    const seqs: bigint[] = [];
    for await (const { seq } of client.watchOrders()) if (seqs.push(seq) === 3) break;
    assert.deepEqual(seqs, [1n, 2n, 3n]);
    assert.deepEqual(asked.map(({ cursor }) => cursor), ["", "a1"]);
  },
);

story(
  "an event that is missing again is a bug over there",
  connections([event("a", 1), event("a", 3)], [event("a", 3)], []),
  async (client) => {
    const loop = async () => {
      for await (const _ of client.watchOrders()) continue;
    };
    await assert.rejects(loop(), (error) => error instanceof Internal && error.reason === "GAP");
  },
);

story(
  "what a filter leaves out is not missing",
  connections([event("a", 1), event("a", 5)]),
  async (client) => {
    const seqs: bigint[] = [];
    for await (const { seq } of client.watchOrders({ statuses: [OrderStatus.CONFIRMED] })) {
      if (seqs.push(seq) === 2) break;
    }
    assert.deepEqual(seqs, [1n, 5n]);
  },
);

story(
  "a watch that has begun shows what happens from then on",
  connections([heartbeat("here")], [event("a", 1)]),
  async (client) => {
    const watch = client.watchOrders();
    await watch.begin();
    assert.equal(watch.cursor, "here");
    for await (const { orderId } of watch) {
      assert.equal(orderId, "a");
      break;
    }
    assert.deepEqual(asked.map(({ cursor }) => cursor), ["", "here"]);
  },
);
