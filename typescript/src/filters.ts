/** Writes the filters of lists, streams and reports for the wire. */
import type { MessageInitShape } from "@bufbuild/protobuf";

import { checked } from "./checked.js";
import { timestamp } from "./pen.js";
import type { AccountFilters, Filters, ReportFilters } from "./terms.js";
import { ListOrdersRequestSchema, ReportExecutionRequestSchema, WatchOrdersRequestSchema } from "./v1.js";

type Given = Readonly<Record<string, unknown>>;

const LIST = new Set([
  "statuses", "types", "tokenIn", "tokenOut", "clientOrderId", "parentOrderId", "createTimeFrom", "createTimeBefore",
]);
const ACCOUNT = new Set(["statuses", "tokenIn", "tokenOut", "clientOrderId", "terminalOnly", "fromStart"]);
const REPORT = new Set(["confirmTimeFrom", "confirmTimeBefore", "tokenIn", "tokenOut"]);

export function writeList(filters: Filters): MessageInitShape<typeof ListOrdersRequestSchema> {
  return checked(ListOrdersRequestSchema, write(LIST, { ...filters }));
}

export function writeAccountWatch(filters: AccountFilters): MessageInitShape<typeof WatchOrdersRequestSchema> {
  return checked(WatchOrdersRequestSchema, write(ACCOUNT, { ...filters }));
}

export function writeReport(filters: ReportFilters): MessageInitShape<typeof ReportExecutionRequestSchema> {
  return checked(ReportExecutionRequestSchema, write(REPORT, { ...filters }));
}

/** Throws `TypeError` for a name that is no filter here: left out in silence it would show more than was meant. */
function write(names: ReadonlySet<string>, filters: Given): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(filters)) {
    if (!names.has(name)) throw new TypeError(`"${name}" is no filter here`);
    if (value !== undefined) written[name] = value instanceof Date ? timestamp(value) : value;
  }
  return written;
}
