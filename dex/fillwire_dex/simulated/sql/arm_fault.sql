-- Arms a fault; without a number of times or of slots it stays until it is cleared.
INSERT INTO market.faults (kind, venue, remaining, slots, share, until_slot)
SELECT %(kind)s, %(venue)s, %(times)s, %(slots)s, %(share)s, m.slot + %(lasting)s::bigint
FROM market.moment AS m
