-- Lets the clock stand at the beginning of a slot; without one it follows the database's clock again.
UPDATE market.chain SET held_at = genesis + %(slot)s::bigint * slot_ms * interval '1 millisecond'
