-- Makes this the only block in production; the head is the last slot a block was produced in.
SELECT head_slot FROM market.chain FOR UPDATE
