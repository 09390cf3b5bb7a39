-- Counts one occasion; no row comes back when another process has used up the last one.
UPDATE market.faults
SET remaining = remaining - 1
WHERE id = %(id)s AND (remaining IS NULL OR remaining > 0)
RETURNING id
