-- Notes that the open children of TWAP orders have ended, with what they swapped, and when the next ones are due: an
-- interval after those began, or at once where there is none to come or somebody wants the order withdrawn.
WITH asked AS (
    SELECT *
    FROM json_to_recordset(%(open)s::json) AS asked (id uuid, request_id uuid, begun int)
), ended AS (
    SELECT p.id, child.id AS child_id, child.created_at AS began, child.status, final.detail
    FROM asked
    JOIN fillwire.orders AS p ON p.id = asked.id
    JOIN fillwire.orders AS child ON child.account_id = p.account_id AND child.request_id = asked.request_id
    JOIN fillwire.order_events AS final ON final.order_id = child.id AND final.seq = child.last_seq
    WHERE p.status = 'RESTING'
      AND p.slices_begun = asked.begun
      AND p.slices_ended = asked.begun - 1
      AND child.parent_id = p.id
      AND child.due_at IS NULL
    ORDER BY p.id
    FOR NO KEY UPDATE OF p SKIP LOCKED
), moved AS (
    UPDATE fillwire.orders AS p
    SET slices_ended = p.slices_ended + 1,
        slices_filled = p.slices_filled + (ended.status = 'CONFIRMED')::int,
        filled_amount_in = p.filled_amount_in + coalesce((ended.detail ->> 'amount_in')::numeric, 0),
        filled_amount_out = p.filled_amount_out + coalesce((ended.detail ->> 'amount_out')::numeric, 0),
        last_seq = p.last_seq + 1,
        updated_at = clock_timestamp(),
        due_at = CASE
            WHEN p.cancel_requested_at IS NOT NULL THEN clock_timestamp()
            WHEN p.slices_begun >= least((p.condition ->> 'slices')::int, p.amount_in, p.amount_out)
                THEN clock_timestamp()
            ELSE least(
                ended.began + (p.condition ->> 'interval_seconds')::float8 * interval '1 second',
                p.deadline, p.good_till_time
            )
        END
    FROM ended
    WHERE p.id = ended.id
    RETURNING p.*, ended.child_id
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT
        id, last_seq, 'RESTING', 'RESTING', updated_at, attempt, fence,
        jsonb_build_object(
            'kind', 'progress', 'slices_begun', slices_begun, 'slices_filled', slices_filled,
            'filled_amount_in', filled_amount_in, 'filled_amount_out', filled_amount_out, 'child_id', child_id
        )
    FROM moved
    RETURNING order_id, detail, hash
)
SELECT
    moved.id::text, moved.last_seq, moved.status, moved.updated_at, moved.attempt, moved.client_order_id,
    logged.detail::text, logged.hash
FROM moved
JOIN logged ON logged.order_id = moved.id
