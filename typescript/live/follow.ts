/**
 * Follows orders and prints each event as it comes: `node follow.js URL web|socket`, with the ids on standard input.
 *
 * The word "account" in place of ids follows all orders of the account, from the first event until it is ended.
 */
import { text } from "node:stream/consumers";

import { FillwireClient, type OrderEvent } from "@fillwire/client";
import { WebSocket } from "ws";

const [url = "", transport] = process.argv.slice(2);
const client = new FillwireClient(url, { transport: transport === "socket" ? "socket" : "web", WebSocket });

const onReconnect = ({ reason, code }: { reason: string; code: string }) => say({ lost: reason || code });

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function follow(events: AsyncIterable<OrderEvent>): Promise<void> {
  for await (const { orderId, seq } of events) say({ order: orderId, seq: Number(seq) });
}

const ids = (await text(process.stdin)).split("\n");
if (ids[0] === "account") await follow(client.watchOrders({ fromStart: true }, { onReconnect }));
else await Promise.all(ids.map((id) => follow(client.watch(id, { onReconnect }))));
client.close();
