-- Says of which of these places in the events of accounts anything stands after.
SELECT asked.n
FROM json_to_recordset(%(asked)s::json) AS asked (n int, account_id text, tx bigint, order_id uuid, seq int)
WHERE EXISTS (
    SELECT FROM fillwire.order_events AS e
    WHERE e.account_id = asked.account_id
      AND (e.tx, e.order_id, e.seq) > (asked.tx, asked.order_id, asked.seq)
)
