-- Adds to the highest and lowest prices seen; several processes see the same ones, in order, so that two never deadlock.
INSERT INTO fillwire.price_bars AS kept (pair, at, high, low)
SELECT pair, at, high, low
FROM json_to_recordset(%(bars)s::json) AS bar (pair text, at timestamptz, high numeric, low numeric)
ORDER BY pair, at
ON CONFLICT (pair, at) DO UPDATE
SET high = greatest(kept.high, excluded.high), low = least(kept.low, excluded.low)
WHERE kept.high < excluded.high OR kept.low > excluded.low
