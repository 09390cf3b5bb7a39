/** Writes what is asked of webhooks. */
import type { MessageInitShape } from "@bufbuild/protobuf";

import { checked, expectNames } from "./checked.js";
import type { WebhookChanges, WebhookTerms } from "./terms.js";
import { CreateWebhookRequestSchema, UpdateWebhookRequestSchema, type Webhook } from "./v1.js";

const TERMS = new Set(["statuses", "cursor"]);
const CHANGES = new Set(["url", "enabled", "cursor", "rotateSecret"]);

export function writeWebhook(url: string, terms: WebhookTerms): MessageInitShape<typeof CreateWebhookRequestSchema> {
  expectNames("a webhook", TERMS, terms);
  const { statuses = [], cursor } = terms;
  return checked(CreateWebhookRequestSchema, { url, statuses: [...statuses], cursor });
}

export function writeWebhookUpdate(
  webhook: Webhook | string,
  changes: WebhookChanges,
): MessageInitShape<typeof UpdateWebhookRequestSchema> {
  expectNames("a change of a webhook", CHANGES, changes);
  return checked(UpdateWebhookRequestSchema, { ...changes, webhookId: webhookIdOf(webhook) });
}

export function webhookIdOf(webhook: Webhook | string): string {
  return typeof webhook === "string" ? webhook : webhook.webhookId;
}
