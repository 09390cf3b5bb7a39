-- Says why orders could not be claimed: how long until their retry is due, or NULL where there is nothing to wait for.
SELECT id::text, extract(epoch FROM retry_at - clock_timestamp())::float8 AS seconds
FROM fillwire.orders
WHERE id = ANY (%(ids)s::uuid[])
  AND retry_at IS NOT NULL
  AND (lease_until IS NULL OR lease_until <= clock_timestamp())
