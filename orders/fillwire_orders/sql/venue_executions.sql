-- Sums up the legs of the orders of an account that were confirmed in a period, by day (UTC), the leg's pair and venue.
-- Fees and slippage, positive where a leg gave less than its quote, are means weighted by what was given.
SELECT
    (e.at AT TIME ZONE 'UTC')::date AS day, leg.token_in, leg.token_out, leg.venue,
    count(DISTINCT e.order_id), sum(leg.amount_in), sum(leg.amount_out),
    (sum(leg.amount_in * leg.fee_bps) / sum(leg.amount_in))::float8,
    coalesce(
        sum(leg.amount_in * (1 - leg.amount_out / nullif(leg.quoted_amount_out, 0))) * 10000 / sum(leg.amount_in), 0
    )::float8
FROM fillwire.order_events AS e
JOIN fillwire.orders AS o ON o.id = e.order_id
CROSS JOIN LATERAL jsonb_to_record(e.detail) AS receipt (legs jsonb)
CROSS JOIN LATERAL jsonb_to_recordset(receipt.legs) AS leg (
    venue text, token_in text, token_out text,
    amount_in numeric, amount_out numeric, quoted_amount_out numeric, fee_bps numeric
)
WHERE e.account_id = %(account_id)s
  AND e.status = 'CONFIRMED'
  AND e.at >= %(confirmed_from)s
  AND e.at < %(confirmed_before)s
  AND o.type <> 'TWAP'
  AND (%(token_in)s::text IS NULL OR o.token_in = %(token_in)s)
  AND (%(token_out)s::text IS NULL OR o.token_out = %(token_out)s)
GROUP BY day, leg.token_in, leg.token_out, leg.venue
ORDER BY day, leg.token_in, leg.token_out, leg.venue
