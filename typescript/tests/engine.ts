/** A small engine that does what a test tells it, behind a real port: over gRPC-Web and the bridge's WebSocket. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import type { ConnectRouter, ServiceImpl } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { FillwireClient, type ClientOptions } from "@fillwire/client";
import { AccountService, MarketService, OrderService } from "@fillwire/client/v1";
import { WebSocket } from "ws";

import { serveSockets } from "./bridge.js";

/** What the engine answers; everything else is UNIMPLEMENTED, but for two tokens. */
export interface Script {
  readonly orders?: Partial<ServiceImpl<typeof OrderService>>;
  readonly market?: Partial<ServiceImpl<typeof MarketService>>;
  readonly accounts?: Partial<ServiceImpl<typeof AccountService>>;
}

export interface Engine {
  readonly url: string;
  /** Breaks every connection. */
  cut(): void;
}

export const TOKENS = [
  { symbol: "SOL", mint: "So11111111111111111111111111111111111111112", decimals: 9, name: "Solana" },
  { symbol: "USDC", mint: "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", decimals: 6, name: "USD Coin" },
];

/** The same story over each transport. */
export function story(
  name: string,
  script: () => Script,
  tell: (client: FillwireClient, engine: Engine) => Promise<void>,
  options: ClientOptions = {},
): void {
  for (const transport of ["web", "socket"] as const) {
    test(`${name} (${transport})`, { timeout: 30_000 }, async () => {
      await withEngine(script(), async (engine) => {
        const client = new FillwireClient(engine.url, { transport, WebSocket, ...options });
        try {
          await tell(client, engine);
        } finally {
          client.close();
        }
      });
    });
  }
}

/** An engine for as long as `tell` takes. */
export async function withEngine(script: Script, tell: (engine: Engine) => Promise<void>): Promise<void> {
  const server = createServer(connectNodeAdapter({ routes: routes(script) }));
  const sockets = serveSockets(server, routes(script));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    sockets.cut();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  try {
    await tell({ url: `http://127.0.0.1:${port}`, cut });
  } finally {
    cut();
    server.close();
  }
}

function routes({ orders = {}, market = {}, accounts = {} }: Script) {
  const listTokens = () => ({ tokens: TOKENS });
  return (router: ConnectRouter) => {
    router.service(OrderService, orders);
    router.service(AccountService, accounts);
    router.service(MarketService, { listTokens, ...market });
  };
}
