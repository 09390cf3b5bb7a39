-- Every pool of the market, with the time and the faults of reading.
SELECT
    m.slot, m.second,
    (
        SELECT json_agg(json_build_array(f.id, f.kind, f.venue) ORDER BY f.id)
        FROM market.faults AS f
        WHERE f.kind IN ('quote_unavailable', 'halted') AND (f.remaining IS NULL OR f.remaining > 0)
    ),
    p.id, p.venue, p.kind, p.token_a, p.token_b, p.version, p.slot, p.state::text
FROM market.moment AS m
LEFT JOIN market.pools AS p ON true
ORDER BY p.id
