-- What is known of signatures at this moment, and whether a block would tell more.
SELECT
    t.signature, t.status, coalesce(t.slot, m.slot), t.amount_in::text, t.amount_out::text, t.legs, t.reason,
    t.message,
    t.status = 'pending' AND (coalesce(t.land_at <= m.instant, false) OR t.last_valid_slot < m.slot)
FROM market.transactions AS t CROSS JOIN market.moment AS m
WHERE t.signature = ANY (%(signatures)s::text[])
