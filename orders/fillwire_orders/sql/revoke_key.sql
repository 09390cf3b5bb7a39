-- Ends a key, for ever; it keeps the time of the first call.
UPDATE fillwire.api_keys
SET revoked_at = coalesce(revoked_at, clock_timestamp())
WHERE id = %(id)s
RETURNING id
