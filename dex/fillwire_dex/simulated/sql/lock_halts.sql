-- The halts that are felt a number of times, and how often still; nobody else feels them before this block is done.
SELECT f.id, f.venue, f.remaining
FROM market.faults AS f
JOIN market.armed AS a USING (id)
WHERE f.kind = 'halted' AND f.venue IS NOT NULL
ORDER BY f.id
FOR UPDATE OF f
