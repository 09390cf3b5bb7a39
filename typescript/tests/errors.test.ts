import assert from "node:assert/strict";
import { test } from "node:test";

import { Code, ConnectError } from "@connectrpc/connect";
import * as errors from "@fillwire/client";

import { BY_REASON, BY_STATUS, translate } from "../src/failures.js";
import {
  BadRequestSchema,
  PreconditionFailureSchema,
  QuotaFailureSchema,
} from "../src/gen/google/rpc/error_details_pb.js";
import { draining, refusal } from "./frames.js";

const CODES = Object.values(Code).filter((code): code is Code => typeof code === "number");

test("each status of the engine has its class, which names it", () => {
  for (const code of CODES) {
    const error = translate(refusal(code, "SOMETHING"));
    assert.equal(error.constructor, BY_STATUS[code]);
    assert.equal(error.name, BY_STATUS[code].name);
  }
  const named = (code: Code) => translate(refusal(code, "SOMETHING")).code;
  assert.equal(named(Code.InvalidArgument), "INVALID_ARGUMENT");
  assert.equal(named(Code.Canceled), "CANCELLED");
  assert.equal(named(Code.ResourceExhausted), "RESOURCE_EXHAUSTED");
});

test("some reasons have classes of their own, below that of their status", () => {
  const statuses: Record<string, Code> = {
    REQUEST_ID_REUSED: Code.AlreadyExists,
    ORDER_NOT_RESTING: Code.FailedPrecondition,
    ORDER_CHANGED: Code.FailedPrecondition,
    QUOTE_EXPIRED: Code.FailedPrecondition,
    OPEN_ORDERS: Code.ResourceExhausted,
    STREAMS: Code.ResourceExhausted,
  };
  assert.deepEqual(Object.keys(statuses), Object.keys(BY_REASON));
  for (const [reason, code] of Object.entries(statuses)) {
    const error = translate(refusal(code, reason));
    assert.equal(error.constructor, BY_REASON[reason]);
    assert.ok(error instanceof BY_STATUS[code]);
  }
});

test("an error tells what its details tell", () => {
  const bad = { fieldViolations: [{ field: "spec.amount_in", description: "is negative" }] };
  const unmet = { violations: [{ type: "ORDER", subject: "one", description: "rests no more" }] };
  const quota = { violations: [{ subject: "account", description: "10 orders are open" }] };
  const error = translate(
    refusal(
      Code.InvalidArgument,
      "INVALID_REQUEST",
      { desc: BadRequestSchema, value: bad },
      { desc: PreconditionFailureSchema, value: unmet },
      { desc: QuotaFailureSchema, value: quota },
    ),
  );
  assert.equal(error.reason, "INVALID_REQUEST");
  assert.equal(error.message, "invalid_request");
  assert.deepEqual(error.violations, [
    { field: "spec.amount_in", description: "is negative" },
    { field: "one", description: "rests no more" },
    { field: "account", description: "10 orders are open" },
  ]);
  assert.equal(error.retryAfter, undefined);
  assert.equal(translate(draining()).retryAfter, 0.001);
});

test("a break on the way is no bug of the engine", () => {
  for (const code of [Code.Unknown, Code.Internal, Code.DataLoss]) {
    assert.equal(translate(new ConnectError("fetch failed", code)).constructor, errors.Unavailable);
    assert.notEqual(translate(refusal(code, "INTERNAL")).constructor, errors.Unavailable);
  }
  assert.equal(translate(new ConnectError("HTTP 403", Code.PermissionDenied)).constructor, errors.PermissionDenied);
});

test("what nobody on the way has thrown is thrown as it is", () => {
  const mistake = new TypeError("an amount is a string");
  assert.throws(() => translate(mistake), (error) => error === mistake);
});

test("the fields of a request id that was reused are listed", () => {
  const error = new errors.RequestIdReused("", { metadata: { fields: "amount_in, slippage_bps" } });
  assert.deepEqual(error.fields, ["amount_in", "slippage_bps"]);
  assert.deepEqual(new errors.RequestIdReused("").fields, []);
});
