import assert from "node:assert/strict";
import { test } from "node:test";

import { Link } from "../../../bridge/fillwire_bridge/dashboard/static/link.js";
import { Outbox } from "../../../bridge/fillwire_bridge/dashboard/static/outbox/outbox.js";
import { linked, say } from "./linked.mjs";
import { serve } from "./socket_server.mjs";

const SUBMIT = "OrderService/SubmitOrder";
const ASKED = { form: "ticket", method: SUBMIT, request: { spec: { tokenIn: "SOL" } }, title: "Sell 1 SOL", entered: { amount: "1" } };
const AT_REST = new Set(["unsure", "answered", "refused"]);
const FORMS = ["ticket", "replace a"];
const NOTHING = { form: "", request: {} };
const UNAVAILABLE = { code: "UNAVAILABLE", message: "no engine" };

/** What outlives a page, in a variable. */
function store(open = []) {
  return { open, read() { return structuredClone(this.open); }, write(now) { this.open = structuredClone(now); } };
}

/** Waits until the press of a form is in a phase; fails where it comes to rest in another one. */
function reached(outbox, phase, form = "ticket") {
  return new Promise((resolve, reject) => {
    const look = () => {
      const press = outbox.of(form);
      if (press?.phase === phase) (forget(), resolve(press));
      else if (AT_REST.has(press?.phase)) (forget(), reject(new Error(`${press.phase}, not ${phase}`)));
    };
    const forget = outbox.onChange(look);
    look();
  });
}

const opened = (link) => new Promise((resolve) => (link.state === "open" ? resolve() : link.onState((state) => state === "open" && resolve())));

/** Runs a test with an outbox whose link is open, before a server that answers calls with `answer`. */
function posting(answer, run, kept = store()) {
  return linked(answer, async (link, server) => {
    await opened(link);
    const outbox = new Outbox(link, kept);
    try {
      await run(outbox, server);
    } finally {
      for (const form of FORMS) outbox.settle(outbox.of(form) ?? NOTHING);
    }
  });
}

test("a press is sent again with the same request id until the engine answers", () => {
  const answer = (message, connection, server) => {
    const tries = server.calls(SUBMIT).length;
    if (tries === 1) return connection.cut();
    if (tries === 2) return connection.say({ id: message.id, end: UNAVAILABLE });
    say(connection, message, { order: { orderId: "a" }, deduplicated: true });
  };
  return posting(answer, async (outbox, server) => {
    const phases = [];
    outbox.onChange(() => phases.push(outbox.of("ticket")?.phase));
    outbox.press(ASKED);
    assert.equal((await reached(outbox, "answered")).order.orderId, "a");
    assert.deepEqual(phases, ["sending", "again", "again", "answered"]);
    const requests = server.calls(SUBMIT).map(({ request }) => request);
    assert.equal(requests.length, 3);
    assert.match(requests[0].requestId, /^[0-9a-f-]{36}$/);
    for (const request of requests) assert.deepEqual(request, { spec: { tokenIn: "SOL" }, requestId: requests[0].requestId });
  });
});

test("a form that has left the page changes nothing of what it sent, and is told on its return", () => {
  const answer = (message, connection, server) => {
    if (server.calls(SUBMIT).length === 1) return connection.cut();
    say(connection, message, { order: { orderId: "a" } });
  };
  return posting(answer, async (outbox) => {
    const detach = outbox.attach("ticket", () => {});
    outbox.press(ASKED);
    assert.deepEqual(outbox.loose(), []);
    detach();
    assert.deepEqual(outbox.loose().map(({ title }) => title), ["Sell 1 SOL"]);
    await reached(outbox, "answered");
    const told = outbox.of("ticket");
    assert.deepEqual([told.order.orderId, told.entered], ["a", { amount: "1" }]);
    outbox.settle(told);
    assert.deepEqual([outbox.of("ticket"), outbox.loose()], [null, []]);
  });
});

test("a form has one press at a time, and forms do not wait for each other", () =>
  posting(() => {}, async (outbox, server) => {
    outbox.press(ASKED);
    outbox.press(ASKED);
    outbox.press({ ...ASKED, form: "replace a", method: "OrderService/ReplaceOrder" });
    await server.until(() => server.heard.length === 3);
    assert.deepEqual(server.heard.slice(1).map(({ call }) => call), [SUBMIT, "OrderService/ReplaceOrder"]);
  }));

test("a press that is refused is not sent again", () => {
  const answer = ({ id }, connection) => connection.say({ id, end: { code: "INVALID_ARGUMENT", message: "wrong" } });
  return posting(answer, async (outbox, server) => {
    outbox.press(ASKED);
    assert.equal((await reached(outbox, "refused")).error.message, "wrong");
    assert.equal(server.calls(SUBMIT).length, 1);
  });
});

test("a press that somebody lets be is not sent again, and no answer to it is heard", () =>
  posting(({ id }, connection) => connection.say({ id, end: UNAVAILABLE }), async (outbox, server) => {
    outbox.press(ASKED);
    outbox.settle(await reached(outbox, "again"));
    outbox.press({ ...ASKED, form: "replace a" });
    await reached(outbox, "again", "replace a");
    const ids = () => server.calls(SUBMIT).map(({ request }) => request.requestId);
    // The third try of the second press is later than the second one of the first would be, whatever the pauses are.
    await server.until(() => ids().filter((id) => id !== ids()[0]).length === 3);
    assert.ok(!ids().slice(1).includes(ids()[0]));
  }));

test("an error that says nothing of an earlier try leaves the press unsure, and one that does refuses it", async () => {
  for (const [code, phase] of [["PERMISSION_DENIED", "unsure"], ["RESOURCE_EXHAUSTED", "unsure"], ["FAILED_PRECONDITION", "refused"]]) {
    const answer = ({ id }, connection, server) => {
      const end = server.calls(SUBMIT).length === 1 ? UNAVAILABLE : { code, message: "the second answer" };
      connection.say({ id, end });
    };
    await posting(answer, async (outbox) => {
      outbox.press(ASKED);
      const { why, error } = await reached(outbox, phase);
      assert.equal(why ?? error.message, "the second answer", code);
    });
  }
});

test("what was not answered outlives the page, and is asked for again only if somebody wants that", async () => {
  const first = store();
  let kept = store();
  await posting((_, connection) => connection.cut(), async (outbox) => {
    outbox.press(ASKED);
    await reached(outbox, "again");
    kept = store(first.read());
  }, first);
  const [{ request }] = kept.open;
  await posting((message, connection) => say(connection, message, { order: { orderId: "a" } }), async (outbox, server) => {
    const press = outbox.of("ticket");
    assert.deepEqual([press.phase, press.title, press.entered], ["unsure", "Sell 1 SOL", { amount: "1" }]);
    assert.match(press.why, /loaded again/);
    assert.equal(server.calls(SUBMIT).length, 0);
    outbox.again(press);
    await reached(outbox, "answered");
    assert.deepEqual(server.calls(SUBMIT).map((call) => call.request), [request]);
    assert.deepEqual(kept.open, []);
  }, kept);
});

test("what was asked for as one account is never sent as another", async () => {
  const server = await serve(({ hello, id }, connection) => {
    if (hello) connection.say({ ready: { accountId: hello.token } });
    else connection.say({ id, end: UNAVAILABLE });
  });
  const link = new Link(server.url, { token: "mine" });
  const outbox = new Outbox(link);
  try {
    await opened(link);
    outbox.press(ASKED);
    await reached(outbox, "again");
    const sent = server.calls(SUBMIT).length;
    link.identify("yours");
    const { why } = await reached(outbox, "unsure");
    assert.equal(why, "This was asked for as the account mine, and this page calls as yours now");
    outbox.again(outbox.of("ticket"));
    await reached(outbox, "unsure");
    assert.equal(server.calls(SUBMIT).length, sent);
  } finally {
    outbox.settle(outbox.of("ticket") ?? NOTHING);
    link.close();
    server.close();
  }
});
