/** The part of the client about the account itself: who one is, and where its events are delivered. */
import { Changes } from "./changes.js";
import { present } from "./present.js";
import type { Options, WebhookChanges, WebhookTerms } from "./terms.js";
import type { GetAccountResponse, Webhook } from "./v1.js";
import { webhookIdOf, writeWebhook, writeWebhookUpdate } from "./webhook-requests.js";

/** A webhook, and the secret that its deliveries are signed with. */
export type SecretWebhook = Webhook & {
  /** For `verifyWebhook`; shown where it was made, and never again. Empty: the webhook keeps the one it had. */
  readonly secret: string;
};

export class Accounts extends Changes {
  /** Whose token this is, what it allows, the limits. */
  account(options: Options = {}): Promise<GetAccountResponse> {
    return this.line.ask({ timeoutMs: 3000 }, (call) => this.line.accounts.getAccount({}, call), options);
  }

  /**
   * Has every event of the account's orders posted to an https address, in order, signed, until it is taken.
   *
   * Only this answer holds the `secret`. Never made again: after `Unavailable` look at `webhooks()` whether it was
   * made. Throws `InvalidRequest`, also for an address within the engine's own network.
   */
  async createWebhook(url: string, terms: WebhookTerms = {}, options: Options = {}): Promise<SecretWebhook> {
    const request = writeWebhook(url, terms);
    const method = { timeoutMs: 5000, once: true };
    const answer = await this.line.ask(method, (call) => this.line.accounts.createWebhook(request, call), options);
    return Object.assign(present(answer.webhook, "webhook"), { secret: answer.secret });
  }

  /** The account's webhooks and how their deliveries stand, oldest first. */
  async webhooks(options: Options = {}): Promise<Webhook[]> {
    const answer = await this.line.ask(
      { timeoutMs: 3000 },
      (call) => this.line.accounts.listWebhooks({}, call),
      options,
    );
    return answer.webhooks;
  }

  /** Changes a webhook; with `rotateSecret` the answer holds the new `secret`. Throws `NotFound`. */
  async updateWebhook(
    webhook: Webhook | string,
    changes: WebhookChanges,
    options: Options = {},
  ): Promise<SecretWebhook> {
    const request = writeWebhookUpdate(webhook, changes);
    const method = { timeoutMs: 5000 };
    const answer = await this.line.ask(method, (call) => this.line.accounts.updateWebhook(request, call), options);
    return Object.assign(present(answer.webhook, "webhook"), { secret: answer.secret });
  }

  /** Ends a webhook. Throws `NotFound`, also where an answer was lost and the first call had ended it. */
  async deleteWebhook(webhook: Webhook | string, options: Options = {}): Promise<void> {
    const request = { webhookId: webhookIdOf(webhook) };
    await this.line.ask({ timeoutMs: 5000 }, (call) => this.line.accounts.deleteWebhook(request, call), options);
  }
}
