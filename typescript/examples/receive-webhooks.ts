import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { FillwireClient, isFinal, OrderStatus, verifyWebhook, WebhookNotVerified } from "@fillwire/client";

const client = new FillwireClient(process.argv[2] ?? "http://127.0.0.1:8080");

const server = createServer(async (request, response) => {
  try {
    const event = await verifyWebhook(request.headers, await buffer(request), webhook.secret);
    console.log(event.seq, OrderStatus[event.status]);
    response.writeHead(204).end();
    if (isFinal(event.status)) await end();
  } catch (error) {
    response.writeHead(error instanceof WebhookNotVerified ? 400 : 500).end();
  }
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;

const webhook = await client.createWebhook(`http://127.0.0.1:${port}/hook`);
await client.submit({ tokenIn: "SOL", tokenOut: "USDC", amountIn: "0.001", slippageBps: 100 });

async function end() {
  await client.deleteWebhook(webhook);
  server.close();
}
