-- Prolongs the leases of a courier, and gives it those webhooks that no other holds; answers with all it has then.
WITH wanted AS (
    SELECT id
    FROM fillwire.webhooks
    WHERE enabled
      AND (courier = %(courier)s OR courier IS NULL OR lease_until <= clock_timestamp())
    ORDER BY courier = %(courier)s DESC NULLS LAST, created_at
    LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE fillwire.webhooks AS w
SET courier = %(courier)s,
    lease_until = clock_timestamp() + %(lease)s * interval '1 second'
FROM wanted
WHERE w.id = wanted.id
RETURNING
    w.id::text, account_id, url, statuses, enabled, cursor, failures, last_error, retry_at, created_at, version, secret
