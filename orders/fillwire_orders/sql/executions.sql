-- Sums up the orders of an account that were confirmed in a period, by day (UTC) and pair. A TWAP order is its children.
-- Costs are means weighted by what was given, over the orders whose cost is known; what was saved, over those of them
-- for which another venue had a quote.
WITH fill AS (
    SELECT
        (e.at AT TIME ZONE 'UTC')::date AS day, o.token_in, o.token_out,
        extract(epoch FROM e.at - coalesce(o.fired_at, o.created_at)) AS seconds,
        receipt.amount_in, receipt.amount_out, cost.*,
        CASE WHEN cost.total_bps IS NOT NULL THEN receipt.amount_in END AS known,
        CASE WHEN cost.second_best_venue IS NOT NULL THEN receipt.amount_in END AS compared
    FROM fillwire.order_events AS e
    JOIN fillwire.orders AS o ON o.id = e.order_id
    CROSS JOIN LATERAL jsonb_to_record(e.detail) AS receipt (amount_in numeric, amount_out numeric, cost jsonb)
    CROSS JOIN LATERAL jsonb_to_record(coalesce(receipt.cost, '{}')) AS cost (
        total_bps numeric, drift_bps numeric, fee_bps numeric, impact_bps numeric, slippage_bps numeric,
        second_best_venue text, saved_bps numeric
    )
    WHERE e.account_id = %(account_id)s
      AND e.status = 'CONFIRMED'
      AND e.at >= %(confirmed_from)s
      AND e.at < %(confirmed_before)s
      AND o.type <> 'TWAP'
      AND (%(token_in)s::text IS NULL OR o.token_in = %(token_in)s)
      AND (%(token_out)s::text IS NULL OR o.token_out = %(token_out)s)
)
SELECT
    day, token_in, token_out, '', count(*), sum(amount_in), sum(amount_out), avg(seconds)::float8,
    (sum(known * total_bps) / sum(known))::float8,
    (sum(known * drift_bps) / sum(known))::float8,
    (sum(known * fee_bps) / sum(known))::float8,
    (sum(known * impact_bps) / sum(known))::float8,
    (sum(known * slippage_bps) / sum(known))::float8,
    coalesce(sum(compared * saved_bps) / sum(compared), 0)::float8
FROM fill
GROUP BY day, token_in, token_out
ORDER BY day, token_in, token_out
