-- The slot and the unix second of this moment; only the database's clock counts.
SELECT
    floor(extract(epoch FROM clock_timestamp() - genesis) * 1000 / slot_ms)::bigint,
    floor(extract(epoch FROM clock_timestamp()))::bigint
FROM market.chain
