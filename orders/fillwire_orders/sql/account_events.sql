-- Reads the events of accounts, each after a place of its own, in the order of their transactions' numbers, and only
-- below the lowest number of a transaction that is open: it may yet commit events that belong before all above it.
-- `held` says that there are such events, which cannot be given yet.
-- The last event is asked for as such: where it is only asked whether there is one, the planner reads the whole table.
WITH asked AS MATERIALIZED (
    SELECT asked.*, horizon.tx AS horizon, coalesce(last.tx >= horizon.tx, false) AS held
    FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS tx) AS horizon
    CROSS JOIN json_to_recordset(%(asked)s::json) AS asked (
        n int, account_id text, tx bigint, order_id uuid, seq int, most int
    )
    LEFT JOIN LATERAL (
        SELECT tx FROM fillwire.order_events WHERE account_id = asked.account_id ORDER BY tx DESC LIMIT 1
    ) AS last ON true
)
SELECT
    asked.n, asked.horizon, asked.held, e.tx,
    e.order_id::text, e.seq, e.status, e.at, e.attempt, e.client_order_id, e.detail::text, e.hash,
    e.token_in, e.token_out, e.created_at
FROM asked
LEFT JOIN LATERAL (
    SELECT e.*, o.client_order_id, o.token_in, o.token_out, o.created_at
    FROM fillwire.order_events AS e
    JOIN fillwire.orders AS o ON o.id = e.order_id
    WHERE e.account_id = asked.account_id
      AND (e.tx, e.order_id, e.seq) > (asked.tx, asked.order_id, asked.seq)
      AND e.tx < asked.horizon
    ORDER BY e.tx, e.order_id, e.seq
    LIMIT asked.most
) AS e ON true
ORDER BY asked.n, e.tx, e.order_id, e.seq
