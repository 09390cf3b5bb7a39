/** Turns what a transport throws into this package's errors: one table, read from the status and its details. */
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";

import * as errors from "./errors.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  QuotaFailureSchema,
  RetryInfoSchema,
} from "./gen/google/rpc/error_details_pb.js";

type Kind = new (message: string, particulars: errors.Particulars) => errors.ApiError;

export const BY_STATUS: Readonly<Record<Code, Kind>> = {
  [Code.Canceled]: errors.Cancelled,
  [Code.Unknown]: errors.ApiError,
  [Code.InvalidArgument]: errors.InvalidRequest,
  [Code.DeadlineExceeded]: errors.DeadlineExceeded,
  [Code.NotFound]: errors.NotFound,
  [Code.AlreadyExists]: errors.AlreadyExists,
  [Code.PermissionDenied]: errors.PermissionDenied,
  [Code.ResourceExhausted]: errors.RateLimited,
  [Code.FailedPrecondition]: errors.FailedPrecondition,
  [Code.Aborted]: errors.Aborted,
  [Code.OutOfRange]: errors.OutOfRange,
  [Code.Unimplemented]: errors.Unimplemented,
  [Code.Internal]: errors.Internal,
  [Code.Unavailable]: errors.Unavailable,
  [Code.DataLoss]: errors.Internal,
  [Code.Unauthenticated]: errors.Unauthenticated,
};

/** Reasons that deserve a class of their own, whatever their status. */
export const BY_REASON: Readonly<Record<string, Kind>> = {
  REQUEST_ID_REUSED: errors.RequestIdReused,
  ORDER_NOT_RESTING: errors.OrderNotResting,
  ORDER_CHANGED: errors.OrderChanged,
  QUOTE_EXPIRED: errors.QuoteExpired,
  OPEN_ORDERS: errors.QuotaExhausted,
  STREAMS: errors.QuotaExhausted,
};

/** What a transport says when the way broke: a fetch that failed, a body without its end. */
const BROKEN: ReadonlySet<Code> = new Set([Code.Unknown, Code.Internal, Code.DataLoss]);

/** This package's error for that of a call. Throws what is neither: that was thrown by nobody on the way. */
export function translate(error: unknown): errors.ApiError {
  if (error instanceof errors.ApiError) return error;
  if (!(error instanceof ConnectError)) throw error;
  const info = find(error, ErrorInfoSchema);
  const retry = find(error, RetryInfoSchema)?.retryDelay;
  const kind = BY_REASON[info?.reason ?? ""] ?? (info ? BY_STATUS[error.code] : byWay(error.code));
  return new kind(error.rawMessage || Code[error.code], {
    reason: info?.reason ?? "",
    metadata: info?.metadata ?? {},
    requestId: error.metadata.get("x-request-id") ?? info?.metadata["request_id"] ?? "",
    violations: violations(error),
    retryAfter: retry && durationMs(retry) / 1000,
    cause: error,
  });
}

/** The engine's own errors all carry an ErrorInfo; one without it comes from the way, and there a break is no bug. */
function byWay(code: Code): Kind {
  return BROKEN.has(code) ? errors.Unavailable : BY_STATUS[code];
}

function violations(error: ConnectError): readonly errors.Violation[] {
  const bad = find(error, BadRequestSchema)?.fieldViolations ?? [];
  const unmet = find(error, PreconditionFailureSchema)?.violations ?? [];
  const quota = find(error, QuotaFailureSchema)?.violations ?? [];
  return [
    ...bad.map(({ field, description }) => ({ field, description })),
    ...[...unmet, ...quota].map(({ subject, description }) => ({ field: subject, description })),
  ];
}

function find<Desc extends DescMessage>(error: ConnectError, detail: Desc): MessageShape<Desc> | undefined {
  return error.findDetails(detail)[0];
}
