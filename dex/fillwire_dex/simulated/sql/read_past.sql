-- The pools of a venue that were different after a slot, as they were then; one that was not there yet has no state.
SELECT DISTINCT ON (p.id) p.id, h.version, h.slot, h.state::text
FROM market.pools AS p
LEFT JOIN market.past AS h ON h.pool_id = p.id AND h.until_slot > %(slot)s
WHERE p.venue = %(venue)s AND (h.pool_id IS NOT NULL OR p.slot > %(slot)s)
ORDER BY p.id, h.until_slot
