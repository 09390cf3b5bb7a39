-- Finds orders nobody has taken though they are due, gives each a new dispatch number and some time to be claimed.
-- An order whose worker is gone (its lease ran out) is due at once. One that was queued after the job that is now next
-- in line is still waiting its turn: `backlog` is that job's age. Skips what another sweeper is taking.
-- What rests and has not fired waits for something else than a worker.
-- An index can be asked for what is before the statement, not for what is before a clock that goes on.
UPDATE fillwire.orders AS o
SET dispatch = o.dispatch + 1,
    lease_until = NULL,
    due_at = clock_timestamp() + %(dispatch_grace)s * interval '1 second'
FROM (
    SELECT id, lease_until IS NOT NULL AS abandoned
    FROM fillwire.orders
    WHERE due_at <= statement_timestamp()
      AND (status <> 'RESTING' OR fired_at IS NOT NULL)
      AND (
          lease_until IS NOT NULL
          OR due_at <= clock_timestamp() + least(%(dispatch_grace)s - %(backlog)s, 0) * interval '1 second'
      )
    ORDER BY due_at
    LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
) AS overdue
WHERE o.id = overdue.id
RETURNING o.id::text, o.dispatch, o.attempt - o.rested_attempt, overdue.abandoned
