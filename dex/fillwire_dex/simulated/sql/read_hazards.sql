-- What may befall a transaction that is sent now: the armed faults, the oldest first, and the rates of the others.
SELECT
    m.slot, c.rates::text, c.slot_ms,
    (SELECT json_agg(json_build_array(a.id, a.kind, a.venue, a.counted, a.slots, a.share) ORDER BY a.id)
     FROM market.armed AS a)
FROM market.chain AS c CROSS JOIN market.moment AS m
