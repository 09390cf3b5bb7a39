-- Writes the pools that swaps moved: what flowed in and out moves the vaults, and the owners' balances, with them.
-- A state that held to the end of a slot is kept for a while, in a ring of places by the slot it held until.
WITH moved AS (
    SELECT *
    FROM unnest(
        %(ids)s::text[], string_to_array(%(states)s::text, E'\n'), %(versions)s::bigint[], %(slots)s::bigint[],
        %(flows_a)s::text[], %(flows_b)s::text[], %(untils)s::bigint[]
    ) AS m (id, state, version, slot, flow_a, flow_b, until_slot)
), kept AS (
    INSERT INTO market.past (pool_id, place, until_slot, slot, version, state)
    SELECT p.id, m.until_slot %% 32, m.until_slot, p.slot, p.version, p.state
    FROM moved AS m
    JOIN market.pools AS p USING (id)
    WHERE m.until_slot IS NOT NULL
    UNION ALL
    SELECT k.id, k.until_slot %% 32, k.until_slot, k.slot, k.version, k.state::json
    FROM unnest(
        %(past_ids)s::text[], %(past_untils)s::bigint[], %(past_slots)s::bigint[], %(past_versions)s::bigint[],
        string_to_array(%(past_states)s::text, E'\n')
    ) AS k (id, until_slot, slot, version, state)
    ON CONFLICT (pool_id, place) DO UPDATE
    SET until_slot = excluded.until_slot, slot = excluded.slot, version = excluded.version, state = excluded.state
), paid AS (
    INSERT INTO market.balances (owner, mint, amount)
    SELECT o.owner, o.mint, o.amount::numeric
    FROM unnest(%(owners)s::text[], %(mints)s::text[], %(amounts)s::text[]) AS o (owner, mint, amount)
    ON CONFLICT (owner, mint) DO UPDATE SET amount = balances.amount + excluded.amount
)
UPDATE market.pools AS p
SET state = m.state::json,
    version = m.version,
    slot = m.slot,
    height = %(height)s,
    vault_a = p.vault_a + m.flow_a::numeric,
    vault_b = p.vault_b + m.flow_b::numeric
FROM moved AS m
WHERE p.id = m.id
