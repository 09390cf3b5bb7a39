-- Prolongs the leases a worker holds; answers with the orders it still has.
UPDATE fillwire.orders AS o
SET lease_until = clock_timestamp() + %(lease)s * interval '1 second',
    due_at = clock_timestamp() + %(lease)s * interval '1 second'
FROM unnest(%(id)s::uuid[], %(fence)s::bigint[]) AS held (id, fence)
WHERE o.id = held.id AND o.fence = held.fence AND o.lease_until IS NOT NULL
RETURNING o.id::text
