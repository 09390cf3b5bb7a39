-- What is known of signatures, and whether a block is needed to know more.
SELECT
    t.signature, t.status, t.slot, t.amount_in::text, t.amount_out::text, t.legs, t.reason,
    t.message,
    t.status = 'pending' AND (
        coalesce(t.land_at <= (SELECT clock_timestamp()), false)
        OR t.last_valid_slot < (
            SELECT floor(extract(epoch FROM clock_timestamp() - genesis) * 1000 / slot_ms)::bigint
            FROM market.chain
        )
    )
FROM market.transactions AS t
WHERE t.signature = ANY (%(signatures)s::text[])
