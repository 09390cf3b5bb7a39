-- The venue of each pool.
SELECT id, venue FROM market.pools WHERE id = ANY (%(pool_ids)s::text[])
