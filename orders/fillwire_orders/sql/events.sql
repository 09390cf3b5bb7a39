-- Reads the logs of several orders, each after a point of its own and no further than so many events.
SELECT asked.n, o.id::text, e.seq, e.status, e.at, e.attempt, o.client_order_id, e.detail::text, e.hash
FROM json_to_recordset(%(asked)s::json) AS asked (n int, id uuid, after_seq bigint, most int)
JOIN fillwire.orders AS o ON o.id = asked.id
CROSS JOIN LATERAL (
    SELECT seq, status, at, attempt, detail, hash
    FROM fillwire.order_events
    WHERE order_id = asked.id AND seq > asked.after_seq
    ORDER BY seq
    LIMIT asked.most
) AS e
ORDER BY asked.n, e.seq
