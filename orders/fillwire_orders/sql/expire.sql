-- Ends orders whose time has passed and that are in nobody's hands. A TWAP order is ended where its children are known.
WITH over AS (
    SELECT o.id, o.status AS previous, o.deadline <= coalesce(o.good_till_time, 'infinity') AS by_deadline
    FROM fillwire.orders AS o
    WHERE o.due_at <= statement_timestamp()
      AND least(o.deadline, o.good_till_time) <= clock_timestamp()
      AND o.status IN ('PENDING', 'RETRYING', 'RESTING')
      AND NOT (o.type = 'TWAP' AND o.status = 'RESTING')
    ORDER BY o.due_at
    LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
    UPDATE fillwire.orders AS o
    SET status = 'EXPIRED', last_seq = o.last_seq + 1, updated_at = clock_timestamp(), retry_at = NULL, due_at = NULL
    FROM over
    WHERE o.id = over.id
    RETURNING o.*, over.previous, over.by_deadline
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT
        id, last_seq, previous, status, updated_at, attempt, fence,
        CASE
            WHEN by_deadline THEN %(deadline)s::jsonb
            ELSE %(good_till_time)s::jsonb
        END
    FROM moved
    RETURNING order_id, detail, hash
)
SELECT
    moved.id::text, moved.last_seq, moved.status, moved.updated_at, moved.attempt, moved.client_order_id,
    logged.detail::text, logged.hash
FROM moved
JOIN logged ON logged.order_id = moved.id
