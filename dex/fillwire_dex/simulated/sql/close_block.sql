-- Ends a block: from its commit on nothing lands in an earlier slot, and who follows the market hears of changed pools.
-- The chain's lock, which is held already, lets one such commit through at a time; so does PostgreSQL for notices.
UPDATE market.chain SET head_slot = %(slot)s, height = %(height)s
RETURNING CASE WHEN %(changed)s THEN pg_notify('fillwire_market', %(height)s::text) END
