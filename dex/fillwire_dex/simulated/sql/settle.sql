-- Writes down what became of transactions, once.
UPDATE market.transactions AS t
SET status = r.status,
    slot = r.slot,
    amount_in = r.amount_in::numeric,
    amount_out = r.amount_out::numeric,
    legs = nullif(r.legs, '')::jsonb,
    reason = r.reason,
    message = r.message
FROM unnest(
    %(signatures)s::text[], %(statuses)s::text[], %(slots)s::bigint[], %(amounts_in)s::text[],
    %(amounts_out)s::text[], string_to_array(%(legs)s::text, E'\n'), %(reasons)s::text[], %(messages)s::text[]
) AS r (signature, status, slot, amount_in, amount_out, legs, reason, message)
WHERE t.signature = r.signature AND t.status = 'pending'
