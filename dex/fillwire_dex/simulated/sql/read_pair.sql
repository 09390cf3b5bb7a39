-- Every pool of a pair, whichever of the two tokens it calls a.
SELECT id, venue, kind, token_a, token_b, version, slot, state::text
FROM market.pools
WHERE (token_a = %(one)s AND token_b = %(other)s)
   OR (token_a = %(other)s AND token_b = %(one)s)
ORDER BY id
