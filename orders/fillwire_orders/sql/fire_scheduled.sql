-- Fires orders whose time has come, each once; one that came too late for its deadline is left to `expire`.
-- An index can be asked for what is before the statement, not for what is before a clock that goes on.
WITH found AS (
    SELECT o.id, clock_timestamp() AS at
    FROM fillwire.orders AS o
    WHERE o.due_at <= statement_timestamp()
      AND o.status = 'RESTING'
      AND o.type = 'SCHEDULED'
      AND o.fired_at IS NULL
      AND o.cancel_requested_at IS NULL
      AND (o.condition ->> 'at')::timestamptz <= clock_timestamp()
      AND coalesce(least(o.deadline, o.good_till_time), 'infinity') > clock_timestamp()
    ORDER BY o.due_at
    LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE fillwire.orders AS o
SET fired_at = found.at,
    fired = jsonb_strip_nulls(jsonb_build_object(
        'kind', 'fired',
        'condition', o.type,
        'at', to_char(found.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'mid_price', %(mids)s::jsonb ->> (o.token_in || '/' || o.token_out)
    )),
    dispatch = o.dispatch + 1,
    due_at = found.at + %(dispatch_grace)s * interval '1 second'
FROM found
WHERE o.id = found.id
RETURNING o.id::text, o.dispatch, o.attempt - o.rested_attempt
