-- The armed faults of some kinds, the oldest first.
SELECT id, kind, venue
FROM market.faults
WHERE kind = ANY (%(kinds)s::text[]) AND (remaining IS NULL OR remaining > 0)
ORDER BY id
