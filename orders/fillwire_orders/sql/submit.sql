-- Stores new orders and their first events; answers with those that were new.
-- An order whose (account_id, request_id) exists is left alone, also twice in one call.
WITH asked AS (
    SELECT *
    FROM unnest(
        %(id)s::uuid[], %(account_id)s::text[], %(request_id)s::uuid[], %(type)s::text[],
        %(token_in)s::text[], %(token_out)s::text[], %(amount_in)s::numeric[], %(amount_out)s::numeric[],
        %(slippage_bps)s::int[], %(min_amount_out)s::numeric[], %(max_amount_in)s::numeric[],
        %(max_price_impact_bps)s::int[], %(deadline)s::timestamptz[], %(time_in_force)s::text[],
        %(good_till_time)s::timestamptz[], %(client_order_id)s::text[], %(quote_id)s::text[], %(routing)s::jsonb[]
    ) AS asked (
        id, account_id, request_id, type,
        token_in, token_out, amount_in, amount_out,
        slippage_bps, min_amount_out, max_amount_in,
        max_price_impact_bps, deadline, time_in_force,
        good_till_time, client_order_id, quote_id, routing
    )
), stored AS (
    INSERT INTO fillwire.orders (
        id, account_id, request_id, type, token_in, token_out, amount_in, amount_out,
        slippage_bps, min_amount_out, max_amount_in, max_price_impact_bps, deadline, time_in_force,
        good_till_time, client_order_id, quote_id, routing,
        status, last_seq, created_at, updated_at, due_at
    )
    SELECT
        asked.*, 'PENDING', 1, moment.at, moment.at, moment.at + %(dispatch_grace)s * interval '1 second'
    FROM asked, (SELECT clock_timestamp() AS at) AS moment
    ON CONFLICT (account_id, request_id) DO NOTHING
    RETURNING id, created_at
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence)
    SELECT id, 1, '', 'PENDING', created_at, 0, 0
    FROM stored
)
SELECT id::text, created_at
FROM stored
