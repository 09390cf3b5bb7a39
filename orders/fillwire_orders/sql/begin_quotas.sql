-- Begins to count the orders of accounts; one whose orders are counted already is left alone.
INSERT INTO fillwire.order_quotas (account_id, full_at, taken)
SELECT id, clock_timestamp(), array_fill(0, ARRAY[61])
FROM unnest(%(ids)s::text[]) AS id
ORDER BY id
ON CONFLICT (account_id) DO NOTHING
