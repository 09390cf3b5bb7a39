-- Stores a key like another one, to which it gives an end; does nothing where that is of no more use.
WITH old AS (
    SELECT id, account_id, name, scopes, expires_at, clock_timestamp() AS now
    FROM fillwire.api_keys
    WHERE id = %(old)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
    FOR NO KEY UPDATE
), ended AS (
    UPDATE fillwire.api_keys AS key
    SET expires_at = least(key.expires_at, old.now + %(overlap)s::float8 * interval '1 second')
    FROM old
    WHERE key.id = old.id
)
INSERT INTO fillwire.api_keys (id, account_id, name, digest, scopes, expires_at)
SELECT
    %(id)s, account_id, name, %(digest)s, scopes,
    coalesce(now + %(lives)s::float8 * interval '1 second', expires_at)
FROM old
RETURNING id
