-- Takes one step for each of several orders: state, event and claim change together or not at all.
-- A step whose worker no longer holds the order, or whose order is elsewhere, is not in the answer; nor is one that would
-- go on with an order whose owner wants it withdrawn.
WITH step AS (
    SELECT *
    FROM json_to_recordset(%(steps)s::json) AS step (
        id uuid, fence bigint, seq int, previous text, status text, detail jsonb,
        floor_amount_out numeric, ceiling_amount_in numeric, filled_amount_in numeric, filled_amount_out numeric,
        venue_seconds float8, signature text, last_valid_slot bigint, transaction text,
        delay float8, final bool, rests bool, goes_on bool
    )
), moved AS (
    UPDATE fillwire.orders AS o
    SET status = step.status,
        last_seq = step.seq,
        updated_at = clock_timestamp(),
        floor_amount_out = CASE WHEN NOT step.rests THEN coalesce(step.floor_amount_out, o.floor_amount_out) END,
        ceiling_amount_in = CASE WHEN NOT step.rests THEN coalesce(step.ceiling_amount_in, o.ceiling_amount_in) END,
        filled_amount_in = coalesce(step.filled_amount_in, o.filled_amount_in),
        filled_amount_out = coalesce(step.filled_amount_out, o.filled_amount_out),
        venue_seconds = o.venue_seconds + step.venue_seconds,
        -- A retry and a rest forget the transaction, which is proven dead.
        signature = CASE WHEN step.delay IS NULL AND NOT step.rests THEN coalesce(step.signature, o.signature) END,
        last_valid_slot = CASE
            WHEN step.delay IS NULL AND NOT step.rests THEN coalesce(step.last_valid_slot, o.last_valid_slot)
        END,
        transaction = CASE
            WHEN step.delay IS NULL AND NOT step.rests
                THEN coalesce(decode(step.transaction, 'base64'), o.transaction)
        END,
        rested_attempt = CASE WHEN step.rests THEN o.attempt ELSE o.rested_attempt END,
        fired_at = CASE WHEN NOT step.rests THEN o.fired_at END,
        fired = CASE WHEN NOT step.rests THEN o.fired END,
        -- A step that gives the order back (a retry, a rest, the end) ends the lease with it.
        lease_until = CASE WHEN NOT (step.final OR step.rests) AND step.delay IS NULL THEN o.lease_until END,
        retry_at = clock_timestamp() + step.delay * interval '1 second',
        due_at = CASE
            WHEN step.final THEN NULL
            WHEN step.rests THEN coalesce(least(o.good_till_time, o.deadline), 'infinity')
            WHEN step.delay IS NOT NULL
                THEN clock_timestamp() + (step.delay + %(dispatch_grace)s) * interval '1 second'
            ELSE o.due_at
        END
    FROM step
    WHERE o.id = step.id
      AND o.fence = step.fence
      AND o.last_seq = step.seq - 1
      AND o.status = step.previous
      AND NOT (step.goes_on AND o.cancel_requested_at IS NOT NULL)
      -- A lease that ran out while nobody else wanted the order does no harm; a fence that moved does.
    RETURNING o.id, o.last_seq, o.updated_at, o.attempt
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT step.id, step.seq, step.previous, step.status, moved.updated_at, moved.attempt, step.fence, step.detail
    FROM moved JOIN step ON step.id = moved.id
    RETURNING order_id, at, hash
)
SELECT order_id::text, at, hash
FROM logged
