-- Gives orders to a worker: a lease, a new fence, and for those that have not begun their attempt the step to ROUTING.
-- An order that is final, held by another worker, resting or not yet due for its retry is not in the answer.
WITH wanted AS (
    SELECT o.id, o.status AS previous, o.status IN ('PENDING', 'RETRYING', 'RESTING') AS begins
    FROM fillwire.orders AS o
    WHERE o.id = ANY (%(ids)s::uuid[])
      AND o.due_at IS NOT NULL
      AND (o.status <> 'RESTING' OR o.fired_at IS NOT NULL)
      AND (o.lease_until IS NULL OR o.lease_until <= clock_timestamp())
      AND (o.retry_at IS NULL OR o.retry_at <= clock_timestamp())
    ORDER BY o.id
    FOR NO KEY UPDATE
), claimed AS (
    UPDATE fillwire.orders AS o
    SET fence = o.fence + 1,
        worker = %(worker)s,
        lease_until = clock_timestamp() + %(lease)s * interval '1 second',
        due_at = clock_timestamp() + %(lease)s * interval '1 second',
        retry_at = NULL,
        status = CASE WHEN wanted.begins THEN 'ROUTING' ELSE o.status END,
        attempt = CASE WHEN wanted.begins THEN o.attempt + 1 ELSE o.attempt END,
        last_seq = CASE WHEN wanted.begins THEN o.last_seq + 1 ELSE o.last_seq END,
        updated_at = CASE WHEN wanted.begins THEN clock_timestamp() ELSE o.updated_at END
    FROM wanted
    WHERE o.id = wanted.id
    RETURNING o.*, wanted.begins, wanted.previous
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT
        id, last_seq, previous, status, updated_at, attempt, fence,
        CASE WHEN previous = 'RESTING' THEN fired END
    FROM claimed
    WHERE begins
    RETURNING order_id, hash
)
SELECT
    id::text, fence, begins, status, last_seq, attempt, rested_attempt, updated_at, account_id, client_order_id,
    logged.hash, CASE WHEN previous = 'RESTING' THEN fired::text END AS entered_with,
    token_in, token_out, amount_in, amount_out, slippage_bps, min_amount_out, max_amount_in, quoted_amount,
    floor_amount_out, ceiling_amount_in, max_price_impact_bps, routing::text, condition::text, fired::text,
    time_in_force = 'IOC', arrival_mid_price,
    extract(epoch FROM least(deadline, good_till_time) - clock_timestamp())::float8 AS seconds_left,
    venue_seconds, signature, last_valid_slot, transaction
FROM claimed LEFT JOIN logged ON logged.order_id = claimed.id
