-- Changes a webhook where something is given; it is tried again at once.
UPDATE fillwire.webhooks
SET url = coalesce(%(url)s, url),
    enabled = coalesce(%(enabled)s, enabled),
    cursor = coalesce(%(cursor)s, cursor),
    secret = coalesce(%(secret)s, secret),
    version = version + 1,
    failures = 0,
    last_error = '',
    retry_at = NULL
WHERE account_id = %(account_id)s AND id = %(id)s::uuid
RETURNING
    id::text, account_id, url, statuses, enabled, cursor, failures, last_error, retry_at, created_at, version, secret
