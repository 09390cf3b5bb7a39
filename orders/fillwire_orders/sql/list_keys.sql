-- Lists the keys of an account, or of all.
SELECT
    id, account_id, name, digest, scopes, created_at, expires_at, revoked_at, last_used_at,
    extract(epoch FROM expires_at - clock_timestamp())::float8 AS seconds_left
FROM fillwire.api_keys
WHERE %(account_id)s::text IS NULL OR account_id = %(account_id)s
ORDER BY created_at, id
