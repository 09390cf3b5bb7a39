-- The pools that what is due trades on. It runs after find_due, on a later clock, so none is missing.
SELECT
    p.id, p.venue, p.kind, p.token_a, p.token_b, p.version, p.state::text,
    EXISTS (
        SELECT FROM market.faults AS f
        WHERE f.kind = 'halted' AND f.venue = p.venue AND (f.remaining IS NULL OR f.remaining > 0)
    )
FROM market.pools AS p
WHERE p.id IN (
    SELECT unnest(pool_ids)
    FROM market.transactions
    WHERE status = 'pending' AND land_at <= (SELECT clock_timestamp())
)
