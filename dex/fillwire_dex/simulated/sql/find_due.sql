-- What a block has to settle: what lands by now, and what can no longer land.
-- A block has room for so many; who asks next gets the following ones settled.
SELECT
    t.signature, t.payload, t.fate, t.last_valid_slot,
    floor(extract(epoch FROM t.land_at - c.genesis) * 1000 / c.slot_ms)::bigint
FROM market.transactions AS t CROSS JOIN market.chain AS c
WHERE t.status = 'pending'
  AND (t.land_at <= (SELECT instant FROM market.moment) OR t.last_valid_slot < (SELECT slot FROM market.moment))
ORDER BY t.land_at, t.arrival
LIMIT %(most)s
