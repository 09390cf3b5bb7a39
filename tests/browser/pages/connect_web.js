// The published @connectrpc/connect-web, as a page uses it.
import { createClient, ConnectError } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { OrderService } from "/dist/src/gen/fillwire/v1/order_service_pb.js";
import { BadRequestSchema, ErrorInfoSchema } from "/dist/src/gen/google/rpc/error_details_pb.js";
import { asked } from "./asked.js";

const orders = (url) => createClient(OrderService, createGrpcWebTransport({ baseUrl: url }));

/** Gives the id of the new order. */
export async function submit(url, spec) {
  return (await orders(url).submitOrder(asked(spec))).order.orderId;
}

/** What the engine says to a bad order: code, reason, and the bad fields. */
export async function refused(url, spec) {
  const error = await submit(url, spec).then(() => null, ConnectError.from);
  const [{ reason }] = error.findDetails(ErrorInfoSchema);
  const [{ fieldViolations }] = error.findDetails(BadRequestSchema);
  return { code: error.code, reason, fields: fieldViolations.map((violation) => violation.field) };
}

/** Keeps the seq of each event in `window.seen` as it comes; ends with the stream. */
export async function watch(url, orderId) {
  for await (const { frame } of orders(url).watchOrder({ orderId, afterSeq: 0n })) {
    if (frame.case === "event") window.seen.push(Number(frame.value.seq));
  }
  return 0;
}
