-- The pools that what is due trades on. It runs after find_due, on a later clock, so none is missing.
SELECT id, venue, kind, token_a, token_b, version, state::text
FROM market.pools
WHERE id IN (
    SELECT unnest(pool_ids)
    FROM market.transactions
    WHERE status = 'pending' AND land_at <= (SELECT clock_timestamp())
)
