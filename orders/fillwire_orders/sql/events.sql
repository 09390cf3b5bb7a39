-- Reads an order's log after a point.
SELECT e.order_id::text, e.seq, e.status, e.at, e.attempt, o.client_order_id, e.detail::text
FROM fillwire.order_events AS e
JOIN fillwire.orders AS o ON o.id = e.order_id
WHERE e.order_id = %(id)s::uuid AND e.seq > %(after_seq)s
ORDER BY e.seq
LIMIT %(limit)s
