-- Ends a worker's claims at once, as if their leases had run out: the sweeper has the orders queued again, before all
-- others. The fence moves, so that a renewal that is on its way does not bring the lease back.
UPDATE fillwire.orders AS o
SET fence = o.fence + 1,
    lease_until = clock_timestamp(),
    due_at = clock_timestamp()
FROM unnest(%(id)s::uuid[], %(fence)s::bigint[]) AS held (id, fence)
WHERE o.id = held.id AND o.fence = held.fence AND o.lease_until IS NOT NULL
