import assert from "node:assert/strict";

import { Code } from "@connectrpc/connect";
import {
  Cancelled,
  DeadlineExceeded,
  FillwireClient,
  NotFound,
  OrderStatus,
  OutOfRange,
  Unavailable,
  type ApiError,
  type OrderEvent,
} from "@fillwire/client";
import { test } from "node:test";

import { story, withEngine } from "./engine.js";
import { draining, event, failing, frames, gone, hanging, heartbeat, refusal, snapshot, Watches } from "./frames.js";

async function all(events: AsyncIterable<OrderEvent>): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { seq } of events) seqs.push(Number(seq));
  return seqs;
}

let watches: Watches;

/** A script of these connections. */
function connections(...steps: ConstructorParameters<typeof Watches>) {
  return () => {
    watches = new Watches(...steps);
    return { orders: { watchOrder: watches.watchOrder } };
  };
}

story(
  "a watch gives every event once over drained servers, gaps and repeats",
  connections(
    () => failing(draining(), snapshot(2), event(1), event(2)),
    () => failing(draining(), snapshot(3), event(2), event(3)),
    () => frames(snapshot(5), event(3), event(5)),
    () => frames(snapshot(5), event(4)),
    () => failing(refusal(Code.Internal, "INTERNAL"), snapshot(5)),
    () => frames(snapshot(5), event(5)),
  ),
  async (client) => {
    assert.deepEqual(await all(client.watch("one")), [1, 2, 3, 4, 5]);
    assert.deepEqual(watches.afterSeqs, [0, 2, 3, 3, 4, 4]);
  },
);

story(
  "a broken connection is opened again behind the last event",
  connections(
    (context) => hanging(context, snapshot(2), event(1), event(2)),
    (context) => hanging(context, snapshot(4), event(3), event(4)),
    () => frames(snapshot(5), event(5)),
  ),
  async (client, engine) => {
    const seqs: number[] = [];
    for await (const { seq } of client.watch("one")) {
      seqs.push(Number(seq));
      if (seq === 2n || seq === 4n) engine.cut();
    }
    assert.deepEqual(seqs, [1, 2, 3, 4, 5]);
    assert.deepEqual(watches.afterSeqs, [0, 2, 4]);
  },
);

story(
  "a connection without a sign of life is given up",
  connections(
    (context) => hanging(context, snapshot(1), event(1)),
    // On a busy machine these may take so long that they count as dead too.
    ...Array.from({ length: 20 }, () => () => frames(snapshot(5), event(2), event(3), event(4), event(5))),
  ),
  async (client) => {
    const reasons: string[] = [];
    const onReconnect = ({ reason }: ApiError) => reasons.push(reason);
    assert.deepEqual(await all(client.watch("one", { heartbeatMs: 200, onReconnect })), [1, 2, 3, 4, 5]);
    assert.deepEqual([...new Set(reasons)], ["SILENT"]);
  },
);

story(
  "a heartbeat tells of events that never came",
  connections(
    (context) => hanging(context, snapshot(1), event(1), heartbeat(1), heartbeat(4)),
    () => frames(snapshot(5), event(2), event(3), event(4), event(5)),
  ),
  async (client) => {
    const reasons: string[] = [];
    const onReconnect = ({ reason }: ApiError) => reasons.push(reason);
    assert.deepEqual(await all(client.watch("one", { onReconnect })), [1, 2, 3, 4, 5]);
    assert.deepEqual(reasons, ["GAP"]);
  },
);

story(
  "a stream that ends before its order is opened again",
  connections(
    () => frames(snapshot(1), event(1)),
    () => frames(snapshot(5), event(2), event(3), event(4), event(5)),
  ),
  async (client) => assert.deepEqual(await all(client.watch("one")), [1, 2, 3, 4, 5]),
);

story(
  "a watch of an order that ended before is empty behind its last event",
  connections((context) => hanging(context, snapshot(5))),
  async (client) => {
    const watch = client.watch("one", { afterSeq: 5 });
    assert.deepEqual(await all(watch), []);
    assert.equal(watch.status, OrderStatus.CONFIRMED);
    assert.deepEqual(watches.afterSeqs, [5]);
  },
);

story(
  "a watch from now on names no seq until it knows one",
  connections(
    () => failing(draining(), snapshot(3)),
    () => frames(snapshot(5), event(4), event(5)),
  ),
  async (client) => {
    assert.deepEqual(await all(client.watch("one", { afterSeq: null })), [4, 5]);
    assert.deepEqual(watches.afterSeqs, [undefined, 3]);
  },
);

story(
  "a watch of the final event alone takes it for no gap",
  connections(() => frames(snapshot(2), heartbeat(4), event(5))),
  async (client) => {
    assert.deepEqual(await all(client.watch("one", { terminalOnly: true })), [5]);
    assert.equal(watches.asked[0]?.terminalOnly, true);
  },
);

story(
  "an error that would come again ends the watch at once",
  connections(() => failing(refusal(Code.NotFound, "ORDER_NOT_FOUND"))),
  async (client) => {
    await assert.rejects(all(client.watch("one")), NotFound);
    assert.equal(watches.asked.length, 1);
  },
);

story(
  "a seq beyond the log is told, and not taken for the end",
  connections(() => failing(refusal(Code.OutOfRange, "SEQ_IN_FUTURE"), snapshot(5))),
  async (client) => assert.rejects(all(client.watch("one", { afterSeq: 9n })), OutOfRange),
);

story(
  "an engine that never answers is asked as often as a call",
  connections(...Array.from({ length: 3 }, () => () => failing(draining()))),
  async (client) => {
    await assert.rejects(all(client.watch("one")), Unavailable);
    assert.equal(watches.asked.length, 3);
  },
);

story(
  "an engine that was reached is asked until the time is up",
  connections(...Array.from({ length: 50 }, () => () => failing(draining(), snapshot(1)))),
  async (client) => {
    await assert.rejects(all(client.watch("one", { timeoutMs: 1500 })), DeadlineExceeded);
    assert.ok(watches.asked.length > 1);
  },
);

const left: Promise<void>[] = [];

/** A script of one connection that hangs after its first event, and says when its caller has left. */
function lingering() {
  left.length = 0;
  return connections((context) => {
    left.push(gone(context.signal));
    return hanging(context, snapshot(1), event(1));
  }, () => frames(snapshot(5), event(2), event(3), event(4), event(5)))();
}

story("an aborted watch throws the signal's reason, and the engine hears of it", lingering, async (client) => {
  const caller = new AbortController();
  const reason = new Error("the page was left");
  const loop = async () => {
    for await (const _ of client.watch("one", { signal: caller.signal })) queueMicrotask(() => caller.abort(reason));
  };
  await assert.rejects(loop(), (error) => error === reason);
  await left[0];
});

story("a signal that was aborted before opens nothing", lingering, async (client) => {
  await assert.rejects(all(client.watch("one", { signal: AbortSignal.abort() })), { name: "AbortError" });
  assert.equal(watches.asked.length, 0);
});

story("a watch that is closed ends, also while it waits", lingering, async (client) => {
  const watch = client.watch("one");
  const seqs: bigint[] = [];
  for await (const { seq } of watch) {
    seqs.push(seq);
    setImmediate(() => watch.close());
  }
  assert.deepEqual(seqs, [1n]);
  await left[0];
});

story("a loop that is left gives its connection back, and another one goes on", lingering, async (client) => {
  const watch = client.watch("one");
  for await (const _ of watch) break;
  await left[0];
  assert.equal(watch.lastSeq, 1n);
  assert.deepEqual(await all(watch), [2, 3, 4, 5]);
  assert.deepEqual(watches.afterSeqs, [0, 1]);
});

story(
  "a call that the engine cancels is no end",
  connections(
    () => failing(refusal(Code.Canceled, "CANCELLED"), snapshot(1), event(1)),
    () => frames(snapshot(5), event(2), event(3), event(4), event(5)),
  ),
  async (client) => {
    const reasons: ApiError[] = [];
    const onReconnect = (error: ApiError) => reasons.push(error);
    assert.deepEqual(await all(client.watch("one", { onReconnect })), [1, 2, 3, 4, 5]);
    assert.ok(reasons[0] instanceof Cancelled);
  },
);

test("where nobody listens a watch says so after its retries", { timeout: 30_000 }, async () => {
  let url = "";
  await withEngine({}, async (engine) => void (url = engine.url));
  let reconnects = 0;
  const watch = new FillwireClient(url).watch("one", { onReconnect: () => (reconnects += 1) });
  await assert.rejects(all(watch), Unavailable);
  assert.equal(reconnects, 2);
});
