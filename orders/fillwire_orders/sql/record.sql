-- Takes one step for each of several orders: state, event and claim change together or not at all.
-- A step whose worker no longer holds the order, or whose order is elsewhere, is not in the answer.
WITH step AS (
    SELECT *
    FROM json_to_recordset(%(steps)s::json) AS step (
        id uuid, fence bigint, seq int, previous text, status text, detail jsonb,
        floor_amount_out numeric, venue_seconds float8,
        signature text, last_valid_slot bigint, transaction text,
        delay float8, final bool
    )
), moved AS (
    UPDATE fillwire.orders AS o
    SET status = step.status,
        last_seq = step.seq,
        updated_at = clock_timestamp(),
        floor_amount_out = coalesce(step.floor_amount_out, o.floor_amount_out),
        venue_seconds = o.venue_seconds + step.venue_seconds,
        signature = CASE WHEN step.delay IS NOT NULL THEN NULL ELSE coalesce(step.signature, o.signature) END,
        last_valid_slot = CASE
            WHEN step.delay IS NOT NULL THEN NULL ELSE coalesce(step.last_valid_slot, o.last_valid_slot)
        END,
        transaction = CASE WHEN step.delay IS NOT NULL THEN NULL ELSE coalesce(decode(step.transaction, 'base64'), o.transaction) END,
        -- A step that gives the order back (a retry, the end) ends the lease with it.
        lease_until = CASE WHEN step.final OR step.delay IS NOT NULL THEN NULL ELSE o.lease_until END,
        retry_at = clock_timestamp() + step.delay * interval '1 second',
        due_at = CASE
            WHEN step.final THEN NULL
            WHEN step.delay IS NOT NULL
                THEN clock_timestamp() + (step.delay + %(dispatch_grace)s) * interval '1 second'
            ELSE o.due_at
        END
    FROM step
    WHERE o.id = step.id
      AND o.fence = step.fence
      AND o.last_seq = step.seq - 1
      AND o.status = step.previous
      -- A lease that ran out while nobody else wanted the order does no harm; a fence that moved does.
    RETURNING o.id, o.last_seq, o.updated_at, o.attempt
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT step.id, step.seq, step.previous, step.status, moved.updated_at, moved.attempt, step.fence, step.detail
    FROM moved JOIN step ON step.id = moved.id
)
SELECT id::text, last_seq, updated_at
FROM moved
