/** What the end of a call, or of the whole socket, means to whoever waits: the errors that gRPC-Web would give. */
import { createRegistry, fromJson, toBinary, type JsonObject } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";

import { file_google_rpc_error_details } from "../gen/google/rpc/error_details_pb.js";
import type { End } from "./frames.js";

const DETAILS = createRegistry(file_google_rpc_error_details);

/** The bridge names codes as gRPC does; connect spells one of them otherwise. */
const CODES = new Map([
  ...Object.entries(Code)
    .filter((entry): entry is [string, Code] => typeof entry[1] === "number")
    .map(([name, code]) => [name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase(), code] as const),
  ["CANCELLED", Code.Canceled] as const,
]);

/** Why the bridge closes a socket, where it is not that the way broke. */
const CLOSES = new Map<number, readonly [Code, string]>([
  [1003, [Code.Internal, "the bridge does not take binary frames"]],
  [1009, [Code.ResourceExhausted, "the bridge does not take messages of that size"]],
  [4400, [Code.Internal, "the bridge does not understand this client"]],
  [4401, [Code.Unauthenticated, "the token is missing or not valid"]],
  [4429, [Code.ResourceExhausted, "too many calls or sockets are open"]],
]);

/** The error a call ended with. `undefined`: it ended well. */
export function errorOf({ code, message = "", details = [] }: End): ConnectError | undefined {
  if (code === "OK") return undefined;
  const error = new ConnectError(message, CODES.get(code) ?? Code.Unknown);
  error.details = details.map(detailOf);
  return error;
}

/** The error of all calls on a socket that was closed. */
export function lost(code: number, reason: string): ConnectError {
  const [status, meaning] = CLOSES.get(code) ?? [Code.Unavailable, "the connection to the bridge is lost"];
  return new ConnectError(reason ? `${meaning}: ${reason}` : `${meaning} (${code})`, status);
}

function detailOf(detail: JsonObject): ConnectError["details"][number] {
  const { "@type": url, ...fields } = detail;
  const type = String(url).slice(String(url).lastIndexOf("/") + 1);
  const desc = DETAILS.getMessage(type);
  if (desc === undefined) return { type, value: new Uint8Array(), debug: detail };
  const value = toBinary(desc, fromJson(desc, fields, { ignoreUnknownFields: true }));
  return { type, value, debug: detail };
}
