-- Writes the pools that swaps moved; what flowed in and out moves the vaults with them.
UPDATE market.pools AS p
SET state = m.state::jsonb,
    version = m.version,
    slot = m.slot,
    vault_a = p.vault_a + m.flow_a::numeric,
    vault_b = p.vault_b + m.flow_b::numeric
FROM unnest(
    %(ids)s::text[], %(states)s::text[], %(versions)s::bigint[], %(slots)s::bigint[],
    %(flows_a)s::text[], %(flows_b)s::text[]
) AS m (id, state, version, slot, flow_a, flow_b)
WHERE p.id = m.id
