/** Webhooks of a real engine, which a courier delivers to this process. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import {
  InvalidRequest,
  NotFound,
  OrderStatus,
  verifyWebhook,
  WebhookNotVerified,
  type Order,
  type OrderEvent,
  type WebhookHeaders,
} from "@fillwire/client";

import { SMALL, story } from "./given.js";

/** A receiver of webhooks, which takes what is signed and tells of no other. */
class Receiver {
  secret = "";
  readonly seen: OrderEvent[] = [];
  readonly #server: Server;
  #news = () => {};

  constructor() {
    this.#server = createServer(async (request, response) => {
      const status = await this.#take(request.headers, await buffer(request));
      response.writeHead(status).end();
    });
  }

  async begin(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** Waits until these events of an order have been delivered. */
  async until(order: Order, count: number): Promise<OrderEvent[]> {
    for (;;) {
      const found = this.seen.filter(({ orderId }) => orderId === order.orderId);
      if (found.length >= count) return found;
      await new Promise<void>((resolve) => (this.#news = resolve));
    }
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(headers: WebhookHeaders, body: Buffer): Promise<number> {
    try {
      this.seen.push(await verifyWebhook(headers, body, this.secret));
    } catch (error) {
      if (error instanceof WebhookNotVerified) return 400;
      throw error;
    }
    this.#news();
    return 204;
  }
}

story("webhooks deliver what is signed, and are changed and ended", async (client) => {
  const receiver = new Receiver();
  const url = await receiver.begin();
  try {
    const webhook = await client.createWebhook(url, { statuses: [OrderStatus.CONFIRMED] });
    receiver.secret = webhook.secret;
    const order = await client.submit({ ...SMALL, clientOrderId: "hooked" });
    const [event] = await receiver.until(order, 1);
    assert.deepEqual([event?.seq, event?.clientOrderId, event?.status], [5n, "hooked", OrderStatus.CONFIRMED]);
    assert.ok(event?.detail.case === "receipt" && event.detail.value.amountIn === "1000000");

    const rotated = await client.updateWebhook(webhook, { rotateSecret: true });
    assert.match(rotated.secret, /^whsec_/);
    assert.notEqual(rotated.secret, webhook.secret);
    receiver.secret = rotated.secret;
    await receiver.until(await client.submit(SMALL), 1);

    const off = await client.updateWebhook(webhook.webhookId, { enabled: false });
    assert.deepEqual([off.enabled, off.secret], [false, ""]);
    const listed = (await client.webhooks()).find(({ webhookId }) => webhookId === webhook.webhookId);
    assert.deepEqual([listed?.url, listed?.enabled, listed?.statuses], [url, false, [OrderStatus.CONFIRMED]]);
    await client.deleteWebhook(webhook);
    await assert.rejects(client.updateWebhook(webhook, { enabled: true }), NotFound);
    await assert.rejects(client.createWebhook("ftp://example.com"), (error) => {
      return error instanceof InvalidRequest && error.violations[0]?.field === "url";
    });
  } finally {
    receiver.end();
  }
});
