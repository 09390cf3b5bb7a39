-- Stores new orders and their first events; answers with those that were new.
-- An order whose (account_id, request_id) exists is left alone, also twice in one call.
WITH asked AS (
    SELECT *
    FROM json_to_recordset(%(drafts)s::json) AS asked (
        id uuid, account_id text, request_id uuid, type text,
        token_in text, token_out text, amount_in numeric, amount_out numeric,
        slippage_bps int, min_amount_out numeric, max_amount_in numeric,
        max_price_impact_bps int, deadline timestamptz, time_in_force text,
        good_till_time timestamptz, client_order_id text, quote_id text, routing jsonb
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
