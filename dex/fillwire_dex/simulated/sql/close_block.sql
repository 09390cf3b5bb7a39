-- Ends a block: from its commit on nothing lands in an earlier slot.
UPDATE market.chain SET head_slot = %(slot)s, height = %(height)s
