// The published grpc-web, in its text mode, which is the one that streams: of a binary answer XMLHttpRequest gives no
// byte before the end.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { GrpcWebClientBase, MethodDescriptor } from "grpc-web";
import * as v1 from "/dist/src/gen/fillwire/v1/order_service_pb.js";
import { asked } from "./asked.js";

const client = new GrpcWebClientBase({ format: "text" });

/** Gives the id of the new order. */
export async function submit(url, spec) {
  const request = create(v1.SubmitOrderRequestSchema, asked(spec));
  return (await client.unaryCall(...called(url, "submitOrder", request))).order.orderId;
}

/** What the engine says to a bad order: the code, and google.rpc.Status as it came. */
export async function refused(url, spec) {
  const { code, metadata } = await submit(url, spec).then(() => null, (error) => error);
  return { code, status: metadata["grpc-status-details-bin"] };
}

/** Keeps the seq of each event in `window.seen` as it comes; ends with the stream, and gives its code. */
export function watch(url, orderId) {
  const request = create(v1.WatchOrderRequestSchema, { orderId, afterSeq: 0n });
  const stream = client.serverStreaming(...called(url, "watchOrder", request));
  stream.on("data", ({ frame }) => frame.case === "event" && window.seen.push(Number(frame.value.seq)));
  return new Promise((resolve, reject) => {
    stream.on("status", ({ code }) => resolve(code));
    stream.on("error", reject);
  });
}

/** What grpc-web wants to know of a call, from the generated description of its method. */
function called(url, method, request) {
  const { name, input, output, methodKind } = v1.OrderService.method[method];
  const path = `/${v1.OrderService.typeName}/${name}`;
  const encode = (message) => toBinary(input, message);
  const decode = (bytes) => fromBinary(output, bytes);
  return [url + path, request, {}, new MethodDescriptor(path, methodKind, Object, Object, encode, decode)];
}
