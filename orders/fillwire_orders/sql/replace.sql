-- Gives a resting order new terms, if it stands where it was seen.
WITH asked AS (
    SELECT *
    FROM json_to_record(%(draft)s::json) AS asked (
        amount_in numeric, amount_out numeric, slippage_bps int, min_amount_out numeric, max_amount_in numeric,
        max_price_impact_bps int, deadline timestamptz, time_in_force text, good_till_time timestamptz,
        client_order_id text, quote_id text, quoted_amount numeric, routing jsonb, condition jsonb, wake_at timestamptz
    )
), replaced AS (
    UPDATE fillwire.orders AS o
    SET submitted = coalesce(o.submitted, fillwire.terms_of(o)),
        amount_in = asked.amount_in, amount_out = asked.amount_out,
        slippage_bps = asked.slippage_bps, min_amount_out = asked.min_amount_out, max_amount_in = asked.max_amount_in,
        max_price_impact_bps = asked.max_price_impact_bps,
        deadline = asked.deadline, time_in_force = asked.time_in_force, good_till_time = asked.good_till_time,
        client_order_id = asked.client_order_id, quote_id = asked.quote_id, quoted_amount = asked.quoted_amount,
        routing = asked.routing, condition = asked.condition,
        last_seq = o.last_seq + 1,
        updated_at = moment.at,
        armed_at = moment.at,
        due_at = CASE WHEN asked.wake_at IS NULL THEN 'infinity' ELSE greatest(asked.wake_at, moment.at) END
    FROM asked, (SELECT clock_timestamp() AS at) AS moment
    WHERE o.id = %(id)s::uuid
      AND o.last_seq = %(last_seq)s
      AND o.status = 'RESTING'
      AND o.fired_at IS NULL
      AND o.cancel_requested_at IS NULL
      AND o.slices_begun = 0
    RETURNING o.*
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT id, last_seq, 'RESTING', 'RESTING', updated_at, attempt, fence, %(detail)s::jsonb
    FROM replaced
    RETURNING detail, hash
)
SELECT id::text, last_seq, status, updated_at, attempt, client_order_id, logged.detail::text, logged.hash
FROM replaced, logged
