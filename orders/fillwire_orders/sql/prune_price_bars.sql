-- Forgets bars that no order can need: those before the oldest that still waits, and those that a later one rose above,
-- which leaves the highest since any moment as it was.
DELETE FROM fillwire.price_bars AS b
USING (
    SELECT
        pair, at,
        max(high) OVER (PARTITION BY pair ORDER BY at DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS later
    FROM fillwire.price_bars
) AS ranked
LEFT JOIN json_to_recordset(%(oldest)s::json) AS oldest (pair text, at timestamptz) ON oldest.pair = ranked.pair
WHERE b.pair = ranked.pair
  AND b.at = ranked.at
  AND b.at < clock_timestamp() - interval '1 minute'
  AND (ranked.later >= b.high OR b.at < coalesce(oldest.at, clock_timestamp()))
