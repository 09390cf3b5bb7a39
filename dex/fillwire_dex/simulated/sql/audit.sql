-- Everything there is of every token, at one moment: minted once, and held in vaults and by owners.
SELECT
    (SELECT json_object_agg(s.mint, s.amount) FROM market.supplies AS s)::text,
    (SELECT json_object_agg(b.mint, b.amount)
     FROM (SELECT mint, sum(amount) AS amount FROM market.balances GROUP BY mint) AS b)::text,
    p.id, p.kind, p.token_a, p.token_b, p.vault_a::text, p.vault_b::text, p.state::text
FROM (SELECT) AS always
LEFT JOIN market.pools AS p ON NOT p.ended
ORDER BY p.id
