-- Ends a block: from now on nothing lands in an earlier slot.
UPDATE market.chain SET head_slot = greatest(head_slot, %(slot)s)
