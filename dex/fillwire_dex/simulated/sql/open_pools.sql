-- Lists new pools; who provides their liquidity gives it.
WITH opened AS (
    INSERT INTO market.pools (id, venue, kind, token_a, token_b, vault_a, vault_b, state, slot, height, founded_slot,
        founded_at, origin)
    SELECT o.id, o.kind, o.kind, o.token_a, o.token_b, o.vault_a::numeric, o.vault_b::numeric, o.state::json, o.slot,
        %(height)s, o.slot, o.founded_at, o.origin
    FROM unnest(
        %(ids)s::text[], %(kinds)s::text[], %(tokens_a)s::text[], %(tokens_b)s::text[], %(vaults_a)s::text[],
        %(vaults_b)s::text[], string_to_array(%(states)s::text, E'\n'), %(slots)s::bigint[],
        %(times)s::timestamptz[], %(origins)s::text[]
    ) AS o (id, kind, token_a, token_b, vault_a, vault_b, state, slot, founded_at, origin)
    RETURNING token_a, token_b, vault_a, vault_b
)
INSERT INTO market.balances (owner, mint, amount)
SELECT 'liquidity', side.mint, -sum(side.amount)
FROM opened
CROSS JOIN LATERAL (VALUES (token_a, vault_a), (token_b, vault_b)) AS side (mint, amount)
GROUP BY side.mint
ON CONFLICT (owner, mint) DO UPDATE SET amount = balances.amount + excluded.amount
