import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { Code, createClient } from "@connectrpc/connect";
import {
  createSocketTransport,
  FailedPrecondition,
  FillwireClient,
  NotFound,
  Unauthenticated,
  Unavailable,
  type ClientOptions,
} from "@fillwire/client";
import { MarketService, OrderService } from "@fillwire/client/v1";
import { WebSocket, WebSocketServer } from "ws";

import { translate } from "../src/failures.js";
import { errorOf, lost } from "../src/socket/ends.js";
import { read } from "../src/socket/frames.js";

interface Heard {
  readonly id: string;
  readonly hello?: { readonly token?: string };
  readonly call?: string;
  readonly request?: Record<string, unknown>;
  readonly cancel?: object;
  readonly ping?: object;
}

type Answer = (heard: Heard, socket: WebSocket) => void;

/** A bridge of which each socket answers as it is told; keeps all that it heard. */
async function withBridge(answer: Answer, tell: (url: string, heard: Heard[][]) => Promise<void>): Promise<void> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", path: "/v1/ws" });
  const heard: Heard[][] = [];
  server.on("connection", (socket) => {
    const said: Heard[] = [];
    heard.push(said);
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Heard;
      said.push(frame);
      answer(frame, socket);
    });
  });
  await once(server, "listening");
  try {
    await tell(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard);
  } finally {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
}

function say(socket: WebSocket, frame: object): void {
  socket.send(JSON.stringify(frame));
}

/** Greets, and leaves the rest to `then`. */
function greeting(then: Answer = () => {}): Answer {
  return (heard, socket) => (heard.hello ? say(socket, { ready: { accountId: "default" } }) : then(heard, socket));
}

const answerTokens: Answer = ({ id, call }, socket) => {
  if (call !== "MarketService/ListTokens") return;
  say(socket, { id, message: { tokens: [{ symbol: "SOL", decimals: 9, somethingNew: 1 }] } });
  say(socket, { id, end: { code: "OK" } });
};

async function withClient(url: string, options: ClientOptions, tell: (client: FillwireClient) => Promise<void>) {
  const client = new FillwireClient(url, { transport: "socket", WebSocket, maxRetries: 0, ...options });
  try {
    await tell(client);
  } finally {
    client.close();
  }
}

test("a socket is opened once, says who calls, and carries calls beside each other", { timeout: 20_000 }, async () => {
  await withBridge(greeting(answerTokens), async (url, heard) => {
    await withClient(url, { token: "fw_secret" }, async (client) => {
      const both = await Promise.all([client.tokens(), client.tokens()]);
      assert.deepEqual(both.map((tokens) => tokens.find("SOL").decimals), [9, 9]);
    });
    assert.deepEqual(heard, [
      [
        { hello: { token: "fw_secret" } },
        { id: "1", call: "MarketService/ListTokens", request: {} },
        { id: "2", call: "MarketService/ListTokens", request: {} },
      ],
    ]);
  });
});

test("nothing is said before the bridge knows who calls", { timeout: 20_000 }, async () => {
  const refuse: Answer = (_, socket) => socket.close(4401, "the token is not valid");
  await withBridge(refuse, async (url, heard) => {
    await withClient(url, { token: "fw_wrong", maxRetries: 2 }, async (client) => {
      await assert.rejects(client.tokens(), Unauthenticated);
      await assert.rejects(client.watch("one")[Symbol.asyncIterator]().next(), Unauthenticated);
    });
    assert.deepEqual(heard.flat(), [{ hello: { token: "fw_wrong" } }, { hello: { token: "fw_wrong" } }]);
  });
});

test("a socket that is lost ends its calls, and the next call opens another one", { timeout: 20_000 }, async () => {
  let losses = 0;
  const flaky: Answer = (heard, socket) => ((losses += 1) === 1 ? socket.terminate() : answerTokens(heard, socket));
  await withBridge(greeting(flaky), async (url, heard) => {
    await withClient(url, {}, async (client) => {
      await assert.rejects(client.tokens(), Unavailable);
      await client.tokens();
    });
    assert.equal(heard.length, 2);
  });
});

test("a silent bridge is pinged, and then given up", { timeout: 20_000 }, async () => {
  await withBridge(greeting(), async (url, heard) => {
    const transport = createSocketTransport({ url, WebSocket, pingMs: 50 });
    const call = createClient(MarketService, transport).listTokens({});
    await assert.rejects(call, { code: Code.Unavailable });
    assert.deepEqual(heard[0]?.at(-1), { ping: {} });
  });
});

test("a bridge that answers pings is alive", { timeout: 20_000 }, async () => {
  let pings = 0;
  const late: Answer = (heard, socket) => {
    if (!heard.ping) return;
    say(socket, { pong: {} });
    if ((pings += 1) === 2) answerTokens({ id: "1", call: "MarketService/ListTokens" }, socket);
  };
  await withBridge(greeting(late), async (url) => {
    const transport = createSocketTransport({ url, WebSocket, pingMs: 500 });
    const { tokens } = await createClient(MarketService, transport).listTokens({});
    assert.equal(tokens[0]?.symbol, "SOL");
    transport.close();
  });
});

test("a bridge that never says it is ready is given up", { timeout: 20_000 }, async () => {
  await withBridge(() => {}, async (url) => {
    const transport = createSocketTransport({ url, WebSocket, pingMs: 50 });
    await assert.rejects(createClient(MarketService, transport).listTokens({}), { code: Code.Unavailable });
  });
});

test("without calls a socket is closed", { timeout: 20_000 }, async () => {
  let closed: Promise<unknown> = Promise.reject(new Error("no socket was opened"));
  closed.catch(() => {});
  const watched: Answer = (heard, socket) => {
    closed = once(socket, "close");
    answerTokens(heard, socket);
  };
  await withBridge(greeting(watched), async (url) => {
    const transport = createSocketTransport({ url, WebSocket, idleMs: 20 });
    await createClient(MarketService, transport).listTokens({});
    await closed;
  });
});

test("a socket with a call is not idle, however long that takes", { timeout: 20_000 }, async () => {
  let ms = 0;
  const slow: Answer = (heard, socket) => {
    setTimeout(() => answerTokens(heard, socket), ms);
    ms = 200;
  };
  await withBridge(greeting(slow), async (url) => {
    const transport = createSocketTransport({ url, WebSocket, idleMs: 50 });
    const { listTokens } = createClient(MarketService, transport);
    await listTokens({});
    assert.equal((await listTokens({})).tokens.length, 1);
    transport.close();
  });
});

test("a call that is left is cancelled, and what still comes for it is nobody's", { timeout: 20_000 }, async () => {
  let cancelled: (id: string) => void = () => {};
  const left = new Promise<string>((resolve) => (cancelled = resolve));
  const answer: Answer = (heard, socket) => {
    if (heard.call === "OrderService/WatchOrder") say(socket, { id: heard.id, message: { heartbeat: {} } });
    if (heard.cancel) {
      say(socket, { id: heard.id, message: { heartbeat: {} } });
      say(socket, { id: heard.id, end: { code: "CANCELLED" } });
      cancelled(heard.id);
    }
    answerTokens(heard, socket);
  };
  await withBridge(greeting(answer), async (url) => {
    await withClient(url, {}, async (client) => {
      const caller = new AbortController();
      const frames = client.orders.watchOrder({ orderId: "one" }, { signal: caller.signal });
      for await (const { frame } of frames) {
        assert.equal(frame.case, "heartbeat");
        break;
      }
      caller.abort();
      assert.equal(await left, "1");
      assert.equal((await client.tokens()).find("SOL").symbol, "SOL");
    });
  });
});

test("a reader that is too far behind loses its stream, and nobody else's", { timeout: 20_000 }, async () => {
  const flood: Answer = (heard, socket) => {
    if (heard.call === "OrderService/WatchOrder") {
      for (let number = 0; number < 1002; number += 1) say(socket, { id: heard.id, message: { heartbeat: {} } });
    }
    answerTokens(heard, socket);
  };
  await withBridge(greeting(flood), async (url, heard) => {
    await withClient(url, {}, async (client) => {
      const frames = client.orders.watchOrder({ orderId: "one" })[Symbol.asyncIterator]();
      await frames.next();
      // An answer that comes behind the flood.
      await client.tokens();
      let read = 1;
      const rest = async () => {
        while (!(await frames.next()).done) read += 1;
      };
      await assert.rejects(rest(), { code: Code.Unavailable });
      assert.equal(read, 1001);
      await client.tokens();
    });
    assert.ok(heard[0]?.some(({ cancel }) => cancel));
  });
});

test("more calls than a socket takes go over another one", { timeout: 20_000 }, async () => {
  const answer: Answer = ({ id, call }, socket) => call && say(socket, { id, message: { heartbeat: {} } });
  await withBridge(greeting(answer), async (url, heard) => {
    const transport = createSocketTransport({ url, WebSocket });
    const { watchOrder } = createClient(OrderService, transport);
    const streams = Array.from({ length: 250 }, () => watchOrder({ orderId: "one" })[Symbol.asyncIterator]());
    await Promise.all(streams.map((stream) => stream.next()));
    assert.deepEqual(heard.map((said) => said.length - 1), [128, 122]);
    transport.close();
    for (const stream of streams) await assert.rejects(stream.next(), { code: Code.FailedPrecondition });
    await assert.rejects(createClient(MarketService, transport).listTokens({}), { code: Code.FailedPrecondition });
  });
});

test("a client that is closed ends its watches", { timeout: 20_000 }, async () => {
  const answer: Answer = ({ id, call }, socket) =>
    call && say(socket, { id, message: { event: { orderId: "one", seq: "1" }, cursor: "1" } });
  await withBridge(greeting(answer), async (url) => {
    await withClient(url, {}, async (client) => {
      const watch = async () => {
        for await (const _ of client.watchOrders()) client.close();
      };
      await assert.rejects(watch(), FailedPrecondition);
      await assert.rejects(client.tokens(), FailedPrecondition);
    });
  });
});

test("a request that the bridge would not take is not sent", { timeout: 20_000 }, async () => {
  await withBridge(greeting(), async (url, heard) => {
    const transport = createSocketTransport({ url, WebSocket });
    const key = { case: "orderId" as const, value: "x".repeat(65_536) };
    const call = createClient(OrderService, transport).getOrder({ key });
    await assert.rejects(call, { code: Code.ResourceExhausted });
    assert.deepEqual(heard, []);
  });
});

test("what is no frame ends the socket", { timeout: 20_000 }, async () => {
  for (const text of ["nonsense", "{}", "[]", '"x"', "null", '{"message":{}}']) {
    await withBridge(greeting((_, socket) => socket.send(text)), async (url) => {
      const transport = createSocketTransport({ url, WebSocket });
      await assert.rejects(createClient(MarketService, transport).listTokens({}), { code: Code.Internal }, text);
    });
  }
  assert.throws(() => read(new ArrayBuffer(1)), SyntaxError);
});

test("the end of a call carries its rich error", () => {
  const told = { reason: "ORDER_NOT_FOUND", metadata: { key: "one" }, somethingNew: 1 };
  const info = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", ...told };
  const again = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.5s" };
  const newer = { "@type": "type.googleapis.com/google.rpc.SomethingNew", field: 1 };
  const error = translate(errorOf({ code: "NOT_FOUND", message: "no such order", details: [info, again, newer] }));
  assert.ok(error instanceof NotFound);
  assert.deepEqual(
    [error.message, error.reason, error.metadata, error.retryAfter],
    ["no such order", "ORDER_NOT_FOUND", { key: "one" }, 1.5],
  );
  assert.equal(errorOf({ code: "OK" }), undefined);
  assert.equal(errorOf({ code: "CANCELLED" })?.code, Code.Canceled);
  assert.equal(errorOf({ code: "SOMETHING_NEW" })?.code, Code.Unknown);
});

test("why a socket was closed decides how to go on", () => {
  const rows: [number, Code][] = [
    [1000, Code.Unavailable],
    [1001, Code.Unavailable],
    [1006, Code.Unavailable],
    [1009, Code.ResourceExhausted],
    [1011, Code.Unavailable],
    [1013, Code.Unavailable],
    [4400, Code.Internal],
    [4401, Code.Unauthenticated],
    [4408, Code.Unavailable],
    [4429, Code.ResourceExhausted],
  ];
  for (const [code, status] of rows) assert.equal(lost(code, "").code, status, String(code));
  assert.match(lost(4401, "nothing was said").rawMessage, /^the token is missing or not valid: nothing was said$/);
});
