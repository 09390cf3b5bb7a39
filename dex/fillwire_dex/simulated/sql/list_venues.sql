-- The names of all venues.
SELECT DISTINCT venue FROM market.pools ORDER BY venue
