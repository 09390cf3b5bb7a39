-- Makes the next child of TWAP orders: the child with its first event, and the parent's step, in one transaction and once.
-- Slice n of N gets amount*n/N - amount*(n-1)/N, rounded down, so that all of them together get all of it; the bounds
-- likewise. An amount of fewer units than slices has as many slices as units.
WITH asked AS (
    SELECT *
    FROM json_to_recordset(%(slices)s::json) AS asked (
        parent_id uuid, begun int, id uuid, request_id uuid, mid numeric
    )
), due AS (
    SELECT
        p.id, asked.id AS child_id, asked.request_id, asked.mid, p.slices_begun + 1 AS n,
        least((p.condition ->> 'slices')::int, p.amount_in, p.amount_out) AS slices
    FROM asked
    JOIN fillwire.orders AS p ON p.id = asked.parent_id
    WHERE p.status = 'RESTING'
      AND p.type = 'TWAP'
      AND p.due_at <= statement_timestamp()
      AND p.slices_begun = asked.begun
      AND p.slices_ended = asked.begun
      AND p.slices_begun < least((p.condition ->> 'slices')::int, p.amount_in, p.amount_out)
      AND p.cancel_requested_at IS NULL
      AND coalesce(least(p.deadline, p.good_till_time), 'infinity') > clock_timestamp()
    ORDER BY p.id
    FOR NO KEY UPDATE OF p SKIP LOCKED
), parent AS (
    UPDATE fillwire.orders AS p
    SET slices_begun = due.n, last_seq = p.last_seq + 1, updated_at = clock_timestamp(), due_at = 'infinity'
    FROM due
    WHERE p.id = due.id
    RETURNING p.*, due.child_id, due.request_id AS child_request_id, due.mid, due.n, due.slices
), child AS (
    INSERT INTO fillwire.orders (
        id, account_id, request_id, parent_id, type, token_in, token_out, amount_in, amount_out,
        slippage_bps, min_amount_out, max_amount_in, max_price_impact_bps, deadline, time_in_force,
        client_order_id, quote_id, routing, arrival_mid_price, status, last_seq, created_at, updated_at, due_at
    )
    SELECT
        child_id, account_id, child_request_id, id, 'MARKET', token_in, token_out,
        div(amount_in * n, slices) - div(amount_in * (n - 1), slices),
        div(amount_out * n, slices) - div(amount_out * (n - 1), slices),
        slippage_bps,
        div(min_amount_out * n, slices) - div(min_amount_out * (n - 1), slices),
        div(max_amount_in * n, slices) - div(max_amount_in * (n - 1), slices),
        max_price_impact_bps, least(deadline, good_till_time), 'IOC',
        client_order_id, '', routing, mid, 'PENDING', 1, updated_at, updated_at,
        updated_at + %(dispatch_grace)s * interval '1 second'
    FROM parent
    RETURNING id
), logged AS (
    INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail)
    SELECT child.id, 1, '', 'PENDING', parent.updated_at, 0, 0, NULL
    FROM child
    JOIN parent ON parent.child_id = child.id
    UNION ALL
    SELECT
        id, last_seq, 'RESTING', 'RESTING', updated_at, attempt, fence,
        jsonb_build_object(
            'kind', 'progress', 'slices_begun', slices_begun, 'slices_filled', slices_filled,
            'filled_amount_in', filled_amount_in, 'filled_amount_out', filled_amount_out, 'child_id', child_id
        )
    FROM parent
    RETURNING order_id, seq, status, at, attempt, detail, hash
)
SELECT
    logged.order_id::text, logged.seq, logged.status, logged.at, logged.attempt, parent.client_order_id,
    logged.detail::text, logged.hash
FROM logged
JOIN parent ON logged.order_id IN (parent.id, parent.child_id)
