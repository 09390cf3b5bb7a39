-- Reads the whole logs of several orders.
SELECT e.order_id::text, e.seq, e.status, e.at, e.attempt, o.client_order_id, e.detail::text, e.hash
FROM fillwire.order_events AS e
JOIN fillwire.orders AS o ON o.id = e.order_id
WHERE e.order_id = ANY (%(ids)s::uuid[])
ORDER BY e.order_id, e.seq
