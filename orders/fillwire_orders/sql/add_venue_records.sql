-- Adds to what is remembered of venues, after fading what was there; in order of venue, so that two never deadlock.
INSERT INTO fillwire.venue_records AS kept
    (venue, fills, error_bps, error_bps_squared, refusals, landing_seconds, as_of)
SELECT venue, fills, error_bps, error_bps_squared, refusals, landing_seconds, clock_timestamp()
FROM json_to_recordset(%(records)s::json) AS added (
    venue text, fills float8, error_bps float8, error_bps_squared float8, refusals float8, landing_seconds float8
)
ORDER BY venue
ON CONFLICT (venue) DO UPDATE
SET (fills, error_bps, error_bps_squared, refusals, landing_seconds, as_of) = (
    SELECT
        kept.fills * part + excluded.fills,
        kept.error_bps * part + excluded.error_bps,
        kept.error_bps_squared * part + excluded.error_bps_squared,
        kept.refusals * part + excluded.refusals,
        kept.landing_seconds * part + excluded.landing_seconds,
        greatest(kept.as_of, excluded.as_of)
    FROM power(
        0.5,
        greatest(extract(epoch FROM excluded.as_of - kept.as_of)::float8, 0) / %(half_life_seconds)s::float8
    ) AS part
)
