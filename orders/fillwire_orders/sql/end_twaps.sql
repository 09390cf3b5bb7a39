-- Ends TWAP orders as they stood when it was decided how, each once.
WITH step AS (
    SELECT *
    FROM json_to_recordset(%(steps)s::json) AS step (id uuid, seq int, status text, detail jsonb)
), found AS (
    SELECT p.id, step.status, step.detail
    FROM step
    JOIN fillwire.orders AS p ON p.id = step.id
    WHERE p.last_seq = step.seq AND p.status = 'RESTING' AND p.type = 'TWAP' AND p.slices_begun = p.slices_ended
    ORDER BY p.id
    FOR NO KEY UPDATE OF p SKIP LOCKED
), moved AS (
    UPDATE fillwire.orders AS p
    SET status = found.status, last_seq = p.last_seq + 1, updated_at = clock_timestamp(), due_at = NULL
    FROM found
    WHERE p.id = found.id
    RETURNING p.*, found.detail
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT id, last_seq, 'RESTING', status, updated_at, attempt, fence, detail
    FROM moved
    RETURNING order_id, hash
)
SELECT
    moved.id::text, moved.last_seq, moved.status, moved.updated_at, moved.attempt, moved.client_order_id,
    moved.detail::text, logged.hash
FROM moved
JOIN logged ON logged.order_id = moved.id
