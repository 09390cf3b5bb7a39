-- Makes this the only block in production; the head is the slot of the last one.
SELECT head_slot FROM market.chain FOR UPDATE
