-- Finds those of these steps that are in the log already, taken under the same fence: the answer to them was lost.
SELECT e.order_id::text, e.at, e.hash
FROM json_to_recordset(%(steps)s::json) AS step (id uuid, fence bigint, seq int, status text)
JOIN fillwire.order_events AS e
    ON e.order_id = step.id AND e.seq = step.seq AND e.fence = step.fence AND e.status = step.status
