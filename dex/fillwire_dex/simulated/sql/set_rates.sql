-- How often faults strike by themselves, at one venue or (under the empty name) market-wide, for every process.
UPDATE market.chain SET rates = rates || jsonb_build_object(coalesce(%(venue)s::text, ''), %(rates)s::jsonb)
