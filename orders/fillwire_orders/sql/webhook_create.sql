-- Stores a webhook, unless its account has as many as it may have.
INSERT INTO fillwire.webhooks (id, account_id, url, statuses, secret, cursor)
SELECT %(id)s::uuid, %(account_id)s, %(url)s, %(statuses)s, %(secret)s, %(cursor)s
WHERE (SELECT count(*) FROM fillwire.webhooks WHERE account_id = %(account_id)s) < %(limit)s
RETURNING
    id::text, account_id, url, statuses, enabled, cursor, failures, last_error, retry_at, created_at, version, secret
