-- Withdraws those of these orders that nobody holds, and marks the others, so that whoever does takes no further step.
-- Nothing has been sent of an order that is PENDING, RETRYING or RESTING; a TWAP order waits for its open child.
-- Orders of other accounts, and those that have ended, are not in the answer.
WITH wanted AS (
    SELECT
        o.id, o.status AS previous,
        -- A child may have begun since the statement did, and one that has ended must be noted first.
        o.status IN ('PENDING', 'RETRYING', 'RESTING') AND o.slices_begun = o.slices_ended AND NOT EXISTS (
            SELECT FROM fillwire.orders AS child WHERE child.parent_id = o.id AND child.due_at IS NOT NULL
        ) AS free
    FROM fillwire.orders AS o
    WHERE o.account_id = %(account_id)s AND o.id = ANY (%(ids)s::uuid[]) AND o.due_at IS NOT NULL
    ORDER BY o.id
    FOR NO KEY UPDATE
), withdrawn AS (
    UPDATE fillwire.orders AS o
    SET cancel_requested_at = coalesce(o.cancel_requested_at, clock_timestamp()),
        status = CASE WHEN wanted.free THEN 'CANCELLED' ELSE o.status END,
        last_seq = CASE WHEN wanted.free THEN o.last_seq + 1 ELSE o.last_seq END,
        updated_at = CASE WHEN wanted.free THEN clock_timestamp() ELSE o.updated_at END,
        fence = CASE WHEN wanted.free THEN o.fence + 1 ELSE o.fence END,
        lease_until = CASE WHEN NOT wanted.free THEN o.lease_until END,
        retry_at = CASE WHEN NOT wanted.free THEN o.retry_at END,
        due_at = CASE WHEN NOT wanted.free THEN o.due_at END
    FROM wanted
    WHERE o.id = wanted.id
    RETURNING o.*, wanted.free, wanted.previous
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT id, last_seq, previous, status, updated_at, attempt, fence, %(detail)s::jsonb
    FROM withdrawn
    WHERE free
    RETURNING order_id, detail, hash
)
SELECT
    id::text, last_seq, status, updated_at, attempt, client_order_id, logged.detail::text, logged.hash,
    free, type = 'TWAP'
FROM withdrawn LEFT JOIN logged ON logged.order_id = withdrawn.id
