-- Ends a webhook.
DELETE FROM fillwire.webhooks WHERE account_id = %(account_id)s AND id = %(id)s::uuid RETURNING id::text
