/** What live stories share. `FILLWIRE_BRIDGE` says where the real bridge to a real engine is. */
import { test } from "node:test";

import { FillwireClient, type SubmitTerms } from "@fillwire/client";
import { WebSocket } from "ws";

export const url = process.env["FILLWIRE_BRIDGE"] ?? "";

export const SMALL = {
  tokenIn: "SOL",
  tokenOut: "USDC",
  amountIn: "0.001",
  slippageBps: 5000,
} satisfies SubmitTerms;

/** A price that no market meets. */
export const AWAY = { kind: "limit", limitPrice: "1000000" } as const;

/** The same story over each transport; `reach` gives a client of another URL. */
export function story(
  name: string,
  tell: (client: FillwireClient, reach: (url: string) => FillwireClient) => Promise<void>,
): void {
  for (const transport of ["web", "socket"] as const) {
    test(`${name} (${transport})`, { timeout: 50_000 }, async () => {
      const reach = (url: string) => new FillwireClient(url, { transport, WebSocket });
      const client = reach(url);
      try {
        await tell(client, reach);
      } finally {
        client.close();
      }
    });
  }
}
