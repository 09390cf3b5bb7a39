-- Ends a worker's leases at once, as if they had run out: the sweeper has the orders queued again, before all others.
UPDATE fillwire.orders AS o
SET lease_until = clock_timestamp(),
    due_at = clock_timestamp()
FROM unnest(%(id)s::uuid[], %(fence)s::bigint[]) AS held (id, fence)
WHERE o.id = held.id AND o.fence = held.fence AND o.lease_until IS NOT NULL
