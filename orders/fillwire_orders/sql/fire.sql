-- Fires orders whose condition was found met, each once: those that still rest as they did, want it, and have the time.
-- Skips what somebody is just changing.
WITH met AS (
    SELECT *
    FROM json_to_recordset(%(met)s::json) AS met (id uuid, seq int, fired jsonb)
), found AS (
    SELECT o.id, met.fired, moment.at
    FROM met
    JOIN fillwire.orders AS o ON o.id = met.id
    CROSS JOIN (SELECT clock_timestamp() AS at) AS moment
    WHERE o.last_seq = met.seq
      AND o.status = 'RESTING'
      AND o.fired_at IS NULL
      AND o.cancel_requested_at IS NULL
      AND coalesce(least(o.deadline, o.good_till_time), 'infinity') > moment.at
    ORDER BY o.id
    FOR NO KEY UPDATE OF o SKIP LOCKED
)
UPDATE fillwire.orders AS o
SET fired_at = found.at,
    fired = found.fired
        || jsonb_build_object('at', to_char(found.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
    dispatch = o.dispatch + 1,
    due_at = found.at + %(dispatch_grace)s * interval '1 second'
FROM found
WHERE o.id = found.id
RETURNING o.id::text, o.dispatch, o.attempt - o.rested_attempt
