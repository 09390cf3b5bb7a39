/** The bridge's WebSocket protocol in front of a scripted engine. */
import type { Server } from "node:http";

import {
  createRegistry,
  fromJson,
  toJson,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type JsonObject,
  type JsonValue,
} from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport, type ConnectRouter, type Transport } from "@connectrpc/connect";
import { AccountService, MarketService, OrderService } from "@fillwire/client/v1";
import { WebSocketServer, type WebSocket } from "ws";

import { file_google_rpc_error_details } from "../src/gen/google/rpc/error_details_pb.js";

interface Frame {
  readonly id: string;
  readonly hello?: object;
  readonly call?: string;
  readonly request?: JsonValue;
  readonly cancel?: object;
  readonly ping?: object;
}

const DETAILS = createRegistry(file_google_rpc_error_details);

type Method = DescMethodUnary | DescMethodServerStreaming;

const METHODS = new Map<string, Method>(
  [OrderService, MarketService, AccountService].flatMap((service) =>
    service.methods.map((method) => [`${service.name}/${method.name}`, method as Method] as const),
  ),
);

/** Serves /v1/ws; `cut` breaks every socket. */
export function serveSockets(server: Server, routes: (router: ConnectRouter) => void): { cut: () => void } {
  const sockets = new WebSocketServer({ server, path: "/v1/ws" });
  const engine = createRouterTransport(routes);
  sockets.on("connection", (socket) => {
    const calls = new Map<string, AbortController>();
    socket.on("message", (data) => take(JSON.parse(String(data)) as Frame, socket, engine, calls));
    socket.on("close", () => calls.forEach((call) => call.abort()));
  });
  return { cut: () => sockets.clients.forEach((socket) => socket.terminate()) };
}

function take(frame: Frame, socket: WebSocket, engine: Transport, calls: Map<string, AbortController>): void {
  if (frame.hello) return say(socket, { ready: { accountId: "default" } });
  if (frame.ping) return say(socket, { pong: {} });
  if (frame.cancel) return calls.get(frame.id)?.abort();
  const call = new AbortController();
  calls.set(frame.id, call);
  const told = (message: JsonValue) => say(socket, { id: frame.id, message });
  relay(frame, engine, call.signal, told)
    .then(() => ({ code: "OK" }), endOf)
    .then((end) => say(socket, { id: frame.id, end }))
    .finally(() => calls.delete(frame.id));
}

async function relay(
  { call = "", request = {} }: Frame,
  engine: Transport,
  signal: AbortSignal,
  told: (message: JsonValue) => void,
): Promise<void> {
  const method = METHODS.get(call);
  if (method === undefined) throw new ConnectError(`no method ${call}`, Code.Unimplemented);
  const input = fromJson(method.input, request);
  if (method.methodKind === "unary") {
    const { message } = await engine.unary(method, signal, undefined, undefined, input);
    return told(toJson(method.output, message));
  }
  const inputs = (async function* () {
    yield input;
  })();
  const { message } = await engine.stream(method, signal, undefined, undefined, inputs);
  for await (const answer of message) told(toJson(method.output, answer));
}

function endOf(thrown: unknown): { code: string; message: string; details: JsonObject[] } {
  const error = ConnectError.from(thrown);
  const code = Code[error.code].replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase().replace("CANCELED", "CANCELLED");
  const details = error.findDetails(DETAILS).map((detail) => ({
    "@type": `type.googleapis.com/${detail.$typeName}`,
    ...(toJson(DETAILS.getMessage(detail.$typeName)!, detail) as JsonObject),
  }));
  return { code, message: error.rawMessage, details };
}

function say(socket: WebSocket, frame: object): void {
  socket.send(JSON.stringify(frame));
}
