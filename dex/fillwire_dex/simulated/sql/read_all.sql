-- Every pool of the market.
SELECT id, venue, kind, token_a, token_b, version, slot, state::text
FROM market.pools
ORDER BY id
