-- Counts how often a block felt each halt.
UPDATE market.faults AS f
SET remaining = f.remaining - h.times
FROM unnest(%(ids)s::bigint[], %(times)s::integer[]) AS h (id, times)
WHERE f.id = h.id
