-- What is remembered of every venue, faded to this moment.
SELECT
    venue, fills * part, error_bps * part, error_bps_squared * part, refusals * part, landing_seconds * part
FROM fillwire.venue_records
CROSS JOIN LATERAL power(
    0.5, greatest(extract(epoch FROM clock_timestamp() - as_of)::float8, 0) / %(half_life_seconds)s::float8
) AS part
ORDER BY venue
