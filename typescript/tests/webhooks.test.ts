import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { create, toJsonString } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  InvalidRequest,
  NotFound,
  OrderStatus,
  Unavailable,
  verifyWebhook,
  WebhookNotVerified,
  type VerifyOptions,
  type WebhookHeaders,
} from "@fillwire/client";
import {
  OrderEventSchema,
  type CreateWebhookRequest,
  type DeleteWebhookRequest,
  type UpdateWebhookRequest,
} from "@fillwire/client/v1";

import { story } from "./engine.js";
import { draining, refusal } from "./frames.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const MOMENT = 1614265330;
const NOW = new Date(MOMENT * 1000);
const EVENT = create(OrderEventSchema, {
  orderId: "one",
  seq: 5n,
  status: OrderStatus.CONFIRMED,
  detail: { case: "receipt", value: { amountOut: "239990000" } },
});
const BODY = toJsonString(OrderEventSchema, EVENT);

function signature(body: string = BODY, { secret = SECRET, at = String(MOMENT), id = "one:5" } = {}): string {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64")}`;
}

function headers(changes: { id?: string; timestamp?: string; signature?: string } = {}): Record<string, string> {
  const told = { id: "one:5", timestamp: String(MOMENT), signature: signature(), ...changes };
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [`webhook-${name}`, value]));
}

function verify(given: WebhookHeaders, body: string | Uint8Array | ArrayBuffer = BODY, options: VerifyOptions = {}) {
  return verifyWebhook(given, body, SECRET, { now: NOW, ...options });
}

test("the example of the standard is verified", async () => {
  // From the reference implementations (https://github.com/standard-webhooks/standard-webhooks).
  const example = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  assert.deepEqual(await verify(example, '{"test": 2432232314}'), create(OrderEventSchema));
});

test("a delivery gives the event, whatever its body and headers come as", async () => {
  const bytes = new TextEncoder().encode(BODY);
  for (const body of [BODY, bytes, bytes.buffer, Buffer.from(BODY)]) {
    assert.deepEqual(await verify(headers(), body), EVENT);
  }
  assert.deepEqual(await verify(new Headers(headers())), EVENT);
  const shouted = Object.entries(headers()).map(([name, value]) => [name.toUpperCase(), [value]]);
  assert.deepEqual(await verify(Object.fromEntries(shouted)), EVENT);
  assert.deepEqual(await verifyWebhook(headers(), BODY, SECRET.replace("whsec_", ""), { now: NOW }), EVENT);
});

test("what is newer than this package does not stand in the way", async () => {
  const newer = JSON.stringify({ ...(JSON.parse(BODY) as object), addedLater: 1, status: "ORDER_STATUS_LATER" });
  const event = await verify(headers({ signature: signature(newer) }), newer);
  assert.deepEqual([event.orderId, event.status], ["one", OrderStatus.UNSPECIFIED]);
});

test("one right signature of several is enough", async () => {
  const several = ["v1a,other", "v1,&", signature(BODY, { secret: "whsec_b2xk" }), signature()].join(" ");
  assert.deepEqual(await verify(headers({ signature: several })), EVENT);
});

test("what is not signed so is refused", async () => {
  const wrong = [
    { signature: "" },
    { signature: "v1," },
    { signature: "v1,\u00e9" },
    { signature: signature(`${BODY} `) },
    { signature: signature(BODY, { secret: "whsec_b3RoZXI=" }) },
    { signature: signature().replace("v1,", "v2,") },
    { signature: signature().replace("v1,", "") },
    { id: "one:6" },
    { timestamp: String(MOMENT + 1) },
    { timestamp: "" },
    { timestamp: "yesterday", signature: signature(BODY, { at: "yesterday" }) },
    { timestamp: `${MOMENT}.0`, signature: signature(BODY, { at: `${MOMENT}.0` }) },
  ];
  for (const changes of wrong) {
    await assert.rejects(verify(headers(changes)), WebhookNotVerified, JSON.stringify(changes));
  }
  await assert.rejects(verify(headers(), BODY.replace("CONFIRMED", "FAILED")), WebhookNotVerified);
  await assert.rejects(verify({}), WebhookNotVerified);
});

test("a delivery that was signed long ago or in the future is refused", async () => {
  for (const seconds of [301, -301]) {
    const now = new Date((MOMENT + seconds) * 1000);
    await assert.rejects(verify(headers(), BODY, { now }), /too long ago/);
    assert.deepEqual(await verify(headers(), BODY, { now, toleranceMs: 301_000 }), EVENT);
    await assert.rejects(verify(headers(), BODY, { now, toleranceMs: NaN }), WebhookNotVerified);
  }
  await assert.rejects(verifyWebhook(headers(), BODY, SECRET), WebhookNotVerified);
});

test("what is signed and no event is refused", async () => {
  for (const body of ["", "{", "[]", '{"seq": "first"}']) {
    await assert.rejects(verify(headers({ signature: signature(body) }), body), /tells no event/);
  }
});

test("a secret or a body that is none is the receiver's own mistake", async () => {
  for (const secret of ["", "whsec_", "whsec_not base64!"]) {
    await assert.rejects(verifyWebhook(headers(), BODY, secret), RangeError);
  }
  await assert.rejects(verifyWebhook(headers(), BODY, undefined as never), TypeError);
  await assert.rejects(verify(headers(), JSON.parse(BODY) as never), TypeError);
});

const HOOK = { webhookId: "hook", url: "https://example.com/hook", enabled: true };
const made: CreateWebhookRequest[] = [];
const updated: UpdateWebhookRequest[] = [];
const deleted: DeleteWebhookRequest[] = [];

function hooks() {
  made.length = updated.length = deleted.length = 0;
  return {
    accounts: {
      createWebhook: (request: CreateWebhookRequest) => {
        made.push(request);
        return { webhook: HOOK, secret: SECRET };
      },
      listWebhooks: () => ({ webhooks: [HOOK, { ...HOOK, webhookId: "other" }] }),
      updateWebhook: (request: UpdateWebhookRequest) => {
        updated.push(request);
        return { webhook: HOOK, secret: request.rotateSecret ? SECRET : "" };
      },
      deleteWebhook: (request: DeleteWebhookRequest) => {
        if (deleted.push(request) > 1) throw refusal(Code.NotFound, "WEBHOOK_NOT_FOUND");
        return {};
      },
    },
  };
}

story("webhooks are made, listed, changed and ended", hooks, async (client) => {
  const webhook = await client.createWebhook(HOOK.url, { statuses: [OrderStatus.CONFIRMED], cursor: "here" });
  assert.deepEqual([webhook.webhookId, webhook.secret], ["hook", SECRET]);
  assert.deepEqual([made[0]?.url, made[0]?.statuses, made[0]?.cursor], [HOOK.url, [OrderStatus.CONFIRMED], "here"]);
  assert.deepEqual((await client.webhooks()).map(({ webhookId }) => webhookId), ["hook", "other"]);
  assert.equal((await client.updateWebhook(webhook, { enabled: false })).secret, "");
  assert.equal((await client.updateWebhook("hook", { url: "https://b.example", rotateSecret: true })).secret, SECRET);
  await client.updateWebhook("hook", { cursor: "" });
  assert.deepEqual(
    updated.map(({ webhookId, url, enabled, cursor, rotateSecret }) => [webhookId, url, enabled, cursor, rotateSecret]),
    [
      ["hook", undefined, false, undefined, false],
      ["hook", "https://b.example", undefined, undefined, true],
      ["hook", undefined, undefined, "", false],
    ],
  );
  assert.equal(await client.deleteWebhook(webhook), undefined);
  await assert.rejects(client.deleteWebhook("hook"), NotFound);
});

story("what a webhook does not have is a TypeError", hooks, async (client) => {
  await assert.rejects(client.createWebhook(HOOK.url, { status: [] } as object), TypeError);
  await assert.rejects(client.createWebhook(HOOK.url, { statuses: ["FAILED"] } as object), TypeError);
  await assert.rejects(client.createWebhook(new URL(HOOK.url) as never), TypeError);
  await assert.rejects(client.updateWebhook("hook", { statuses: [] } as object), TypeError);
  await assert.rejects(client.updateWebhook("hook", { enabled: "no" } as object), TypeError);
  assert.deepEqual([made.length, updated.length], [0, 0]);
});

let calls: string[];

/** A script in which every answer is lost, but that to the second attempt at what may be made again. */
function losing() {
  calls = [];
  const lose = (name: string) => {
    calls.push(name);
    if (calls.filter((call) => call === name).length === 1) throw draining();
  };
  return {
    accounts: {
      createWebhook: () => {
        lose("create");
        return { webhook: HOOK, secret: SECRET };
      },
      updateWebhook: () => {
        lose("update");
        return { webhook: HOOK };
      },
      deleteWebhook: () => {
        lose("delete");
        return {};
      },
    },
  };
}

story("only the making of a webhook is never tried again", losing, async (client) => {
  await assert.rejects(client.createWebhook(HOOK.url, {}, { maxRetries: 5 }), Unavailable);
  await client.updateWebhook("hook", { enabled: true });
  await client.deleteWebhook("hook");
  assert.deepEqual(calls, ["create", "update", "update", "delete", "delete"]);
});

story(
  "an address that the engine refuses is named",
  () => ({
    accounts: {
      createWebhook: () => {
        throw refusal(Code.InvalidArgument, "INVALID_REQUEST");
      },
    },
  }),
  async (client) => assert.rejects(client.createWebhook("http://127.0.0.1/"), InvalidRequest),
);
