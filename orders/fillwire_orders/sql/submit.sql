-- Stores new orders and their first events; answers with those that were new.
-- An order whose (account_id, request_id) exists is left alone, also twice in one call. One that waits for something
-- rests from its second event on; `wake_at` is when time itself will matter to it.
WITH asked AS (
    SELECT *
    FROM json_to_recordset(%(drafts)s::json) AS asked (
        id uuid, account_id text, request_id uuid, type text,
        token_in text, token_out text, amount_in numeric, amount_out numeric,
        slippage_bps int, min_amount_out numeric, max_amount_in numeric,
        max_price_impact_bps int, deadline timestamptz, time_in_force text,
        good_till_time timestamptz, client_order_id text, quote_id text, quoted_amount numeric,
        routing jsonb, condition jsonb, arrival_mid_price numeric, rests bool, wake_at timestamptz, resting jsonb
    )
), stored AS (
    INSERT INTO fillwire.orders (
        id, account_id, request_id, type, token_in, token_out, amount_in, amount_out,
        slippage_bps, min_amount_out, max_amount_in, max_price_impact_bps, deadline, time_in_force,
        good_till_time, client_order_id, quote_id, quoted_amount, routing, condition, arrival_mid_price,
        status, last_seq, created_at, updated_at, armed_at, due_at
    )
    SELECT
        id, account_id, request_id, type, token_in, token_out, amount_in, amount_out,
        slippage_bps, min_amount_out, max_amount_in, max_price_impact_bps, deadline, time_in_force,
        good_till_time, client_order_id, quote_id, quoted_amount, routing, nullif(condition, 'null'), arrival_mid_price,
        CASE WHEN rests THEN 'RESTING' ELSE 'PENDING' END,
        CASE WHEN rests THEN 2 ELSE 1 END,
        moment.at, moment.at,
        CASE WHEN rests THEN moment.at END,
        CASE
            WHEN rests AND wake_at IS NULL THEN 'infinity'
            WHEN rests THEN greatest(wake_at, moment.at)
            ELSE moment.at + %(dispatch_grace)s * interval '1 second'
        END
    FROM asked, (SELECT clock_timestamp() AS at) AS moment
    ON CONFLICT (account_id, request_id) DO NOTHING
    RETURNING id, created_at, last_seq
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT id, 1, '', 'PENDING', created_at, 0, 0, NULL
    FROM stored
    UNION ALL
    SELECT id, 2, 'PENDING', 'RESTING', created_at, 0, 0, asked.resting
    FROM stored JOIN asked USING (id)
    WHERE asked.rests
    ORDER BY 1, 2
    RETURNING order_id, seq, hash
)
SELECT stored.id::text, stored.created_at, logged.hash
FROM stored JOIN logged ON logged.order_id = stored.id AND logged.seq = stored.last_seq
