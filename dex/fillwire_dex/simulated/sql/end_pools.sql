-- Ends pools: what their vaults hold goes back to who provided it. Their rows stay, so that everyone hears of it; what
-- they were before is forgotten.
WITH ended AS (
    SELECT id, token_a, token_b, vault_a, vault_b FROM market.pools WHERE id = ANY (%(ids)s::text[])
), paid AS (
    INSERT INTO market.balances (owner, mint, amount)
    SELECT 'liquidity', side.mint, sum(side.amount)
    FROM ended
    CROSS JOIN LATERAL (VALUES (token_a, vault_a), (token_b, vault_b)) AS side (mint, amount)
    GROUP BY side.mint
    ON CONFLICT (owner, mint) DO UPDATE SET amount = balances.amount + excluded.amount
), forgotten AS (
    DELETE FROM market.past WHERE pool_id = ANY (%(ids)s::text[])
)
UPDATE market.pools AS p
SET ended = true, vault_a = 0, vault_b = 0, height = %(height)s
FROM ended
WHERE p.id = ended.id
