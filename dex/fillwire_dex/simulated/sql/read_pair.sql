-- Every pool of a pair, whichever of the two tokens it calls a, with the time and the faults of reading.
-- There is always a row; without pools it has no id.
SELECT
    m.slot, m.second,
    (
        SELECT json_agg(json_build_array(f.id, f.kind, f.venue) ORDER BY f.id)
        FROM market.faults AS f
        WHERE f.kind IN ('quote_unavailable', 'halted') AND (f.remaining IS NULL OR f.remaining > 0)
    ),
    p.id, p.venue, p.kind, p.token_a, p.token_b, p.version, p.slot, p.state::text
FROM market.moment AS m
LEFT JOIN market.pools AS p
    ON (p.token_a = %(one)s AND p.token_b = %(other)s) OR (p.token_a = %(other)s AND p.token_b = %(one)s)
ORDER BY p.id
