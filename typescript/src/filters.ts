/** The filters of lists, streams, reports and of what is withdrawn, and how they are written for the wire. */
import type { MessageInitShape } from "@bufbuild/protobuf";

import { checked } from "./checked.js";
import { timestamp } from "./pen.js";
import {
  CancelAllOrdersRequestSchema,
  ListOrdersRequestSchema,
  ListPoolsRequestSchema,
  ReportExecutionRequestSchema,
  WatchOrdersRequestSchema,
  type OrderStatus,
  type OrderType,
} from "./v1.js";
import { Violations } from "./violations.js";

/** Which orders to list. All that are given must hold. */
export interface Filters {
  readonly statuses?: readonly OrderStatus[];
  readonly types?: readonly OrderType[];
  readonly tokenIn?: string;
  readonly tokenOut?: string;
  readonly clientOrderId?: string;
  /** Only children of this order. */
  readonly parentOrderId?: string;
  /** Accepted at or after it. */
  readonly createTimeFrom?: Date;
  /** Accepted before it. */
  readonly createTimeBefore?: Date;
}

/** Which open orders to withdraw. All that are given must hold. */
export type CancelFilters = Pick<Filters, "types" | "tokenIn" | "tokenOut">;

/** Which pools to list. All that are given must hold. */
export interface PoolFilters {
  /** Only pools that hold this token. */
  readonly tokenA?: string;
  /** Only pools that hold this token too. */
  readonly tokenB?: string;
  readonly venue?: string;
}

/** Which events of the account to watch. All that are given must hold. */
export interface AccountFilters {
  /** Events that enter one of these. */
  readonly statuses?: readonly OrderStatus[];
  readonly tokenIn?: string;
  readonly tokenOut?: string;
  readonly clientOrderId?: string;
  /** Final events only. */
  readonly terminalOnly?: boolean;
  /** Without a cursor: begin with the account's first event. */
  readonly fromStart?: boolean;
}

/** Which executions to sum up. All that are given must hold. */
export interface ReportFilters {
  /** Confirmed at or after it. Left out: 7 days before `confirmTimeBefore`. */
  readonly confirmTimeFrom?: Date;
  /** Confirmed before it. Left out: now. */
  readonly confirmTimeBefore?: Date;
  readonly tokenIn?: string;
  readonly tokenOut?: string;
}

type Given = Readonly<Record<string, unknown>>;

const LIST = new Set([
  "statuses", "types", "tokenIn", "tokenOut", "clientOrderId", "parentOrderId", "createTimeFrom", "createTimeBefore",
]);
const CANCEL = new Set(["types", "tokenIn", "tokenOut"]);
const ACCOUNT = new Set(["statuses", "tokenIn", "tokenOut", "clientOrderId", "terminalOnly", "fromStart"]);
const REPORT = new Set(["confirmTimeFrom", "confirmTimeBefore", "tokenIn", "tokenOut"]);
const POOLS = new Set(["tokenA", "tokenB", "venue"]);

export function writeList(
  filters: Filters,
  page: { readonly pageSize?: number; readonly pageToken?: string },
): MessageInitShape<typeof ListOrdersRequestSchema> {
  return checked(ListOrdersRequestSchema, { ...write(LIST, { ...filters }), ...page });
}

export function writeCancelAll(filters: CancelFilters): MessageInitShape<typeof CancelAllOrdersRequestSchema> {
  return checked(CancelAllOrdersRequestSchema, write(CANCEL, { ...filters }));
}

export function writeAccountWatch(filters: AccountFilters): MessageInitShape<typeof WatchOrdersRequestSchema> {
  return checked(WatchOrdersRequestSchema, write(ACCOUNT, { ...filters }));
}

export function writeReport(filters: ReportFilters): MessageInitShape<typeof ReportExecutionRequestSchema> {
  return checked(ReportExecutionRequestSchema, write(REPORT, { ...filters }));
}

export function writePools(filters: PoolFilters): MessageInitShape<typeof ListPoolsRequestSchema> {
  return checked(ListPoolsRequestSchema, write(POOLS, { ...filters }));
}

/**
 * Throws `TypeError` for a name that is no filter here: left out in silence, more would pass than was meant.
 * Throws `InvalidRequest` with every time that is none.
 */
function write(names: ReadonlySet<string>, filters: Given): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  const violations = new Violations();
  for (const [name, value] of Object.entries(filters)) {
    if (!names.has(name)) throw new TypeError(`"${name}" is no filter here`);
    if (value === undefined) continue;
    written[name] = value instanceof Date ? violations.within(fieldOf(name), () => timestamp(value)) : value;
  }
  violations.check();
  return written;
}

/** The name in the contract. */
function fieldOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
