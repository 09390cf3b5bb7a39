-- Reads the ends of several logs, each up to a seq of its own: that event, and the last one before it that chose a route.
SELECT asked.id::text, e.seq, e.status, e.at, e.attempt, '', e.detail::text, e.hash
FROM json_to_recordset(%(asked)s::json) AS asked (id uuid, last_seq int)
CROSS JOIN LATERAL (
    (
        SELECT *
        FROM fillwire.order_events
        WHERE order_id = asked.id
          AND seq < asked.last_seq
          AND status IN ('BUILDING', 'SUBMITTED')
          AND jsonb_typeof(detail -> 'route') = 'object'
        ORDER BY seq DESC
        LIMIT 1
    )
    UNION ALL
    SELECT *
    FROM fillwire.order_events
    WHERE order_id = asked.id AND seq = asked.last_seq
) AS e
ORDER BY asked.id, e.seq
