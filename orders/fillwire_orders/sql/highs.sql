-- The highest price of these pairs from each bar on to the last one.
SELECT pair, at, max(high) OVER (PARTITION BY pair ORDER BY at DESC)
FROM fillwire.price_bars
WHERE pair = ANY (%(pairs)s::text[])
ORDER BY pair, at
