-- The chain at this moment, the faults that are armed, and the pools that changed since a block.
-- There is always a row; when nothing changed it has no id, and the pools are not even looked at.
SELECT
    m.slot, c.head_slot, c.height, c.motion, c.rates::text, m.genesis_ms, c.slot_ms,
    (SELECT json_agg(json_build_array(a.id, a.kind, a.venue, a.counted, a.slots, a.share) ORDER BY a.id)
     FROM market.armed AS a),
    p.id, p.venue, p.kind, p.token_a, p.token_b, p.version, p.slot,
    p.founded_slot, p.founded_at, p.origin, p.ended, p.state::text
FROM market.chain AS c
CROSS JOIN market.moment AS m
LEFT JOIN LATERAL (
    SELECT *
    FROM market.pools AS changed
    WHERE c.height > %(since)s AND changed.height > %(since)s AND (%(since)s >= 0 OR NOT changed.ended)
) AS p ON true
ORDER BY p.id
