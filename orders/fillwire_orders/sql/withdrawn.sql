-- Finds those of these orders that are still held under the same fence and whose owner wants them withdrawn.
SELECT o.id::text
FROM json_to_recordset(%(steps)s::json) AS step (id uuid, fence bigint)
JOIN fillwire.orders AS o ON o.id = step.id AND o.fence = step.fence
WHERE o.cancel_requested_at IS NOT NULL AND o.due_at IS NOT NULL
