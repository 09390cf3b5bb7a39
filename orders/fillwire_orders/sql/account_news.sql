-- Says of which of these places in the events of accounts anything stands after.
SELECT asked.n
FROM json_to_recordset(%(asked)s::json) AS asked (n int, account_id text, tx bigint, order_id uuid, seq int)
CROSS JOIN LATERAL (
    SELECT tx, order_id, seq
    FROM fillwire.order_events
    WHERE account_id = asked.account_id
    ORDER BY tx DESC, order_id DESC, seq DESC
    LIMIT 1
) AS last
WHERE (last.tx, last.order_id, last.seq) > (asked.tx, asked.order_id, asked.seq)
