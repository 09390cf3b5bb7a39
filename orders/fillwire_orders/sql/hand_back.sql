-- Ends a worker's leases at once and makes the orders due now, so that another worker can go on with them.
UPDATE fillwire.orders AS o
SET lease_until = NULL,
    due_at = clock_timestamp() + %(dispatch_grace)s * interval '1 second',
    dispatch = o.dispatch + 1
FROM unnest(%(id)s::uuid[], %(fence)s::bigint[]) AS held (id, fence)
WHERE o.id = held.id AND o.fence = held.fence AND o.lease_until IS NOT NULL
RETURNING o.id::text, o.dispatch, o.attempt
