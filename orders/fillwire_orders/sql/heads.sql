-- Says how far the logs of several orders go.
SELECT id::text, last_seq
FROM fillwire.orders
WHERE id = ANY (%(ids)s::uuid[])
