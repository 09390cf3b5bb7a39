-- Opens a block in the present slot: from its commit on nothing lands in an earlier one.
UPDATE market.chain SET head_slot = greatest(head_slot, (SELECT slot FROM market.moment))
RETURNING head_slot
