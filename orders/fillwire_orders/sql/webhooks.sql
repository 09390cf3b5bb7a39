-- Reads the webhooks of an account, or one of them.
SELECT
    id::text, account_id, url, statuses, enabled, cursor, failures, last_error, retry_at, created_at, version, secret
FROM fillwire.webhooks
WHERE account_id = %(account_id)s AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid)
ORDER BY created_at, id
