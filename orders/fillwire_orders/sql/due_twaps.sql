-- Finds TWAP orders that have no open child and are due: for the next one, or for their end. Those that end come with
-- the sums of what their children's receipts say, and with why they do if it is not that all slices are through.
SELECT
    p.id::text, p.last_seq, p.token_in, p.token_out, p.slices_begun,
    ends.wanted OR ends.over OR ends.through AS ends,
    CASE
        WHEN ends.through THEN NULL
        WHEN ends.wanted THEN coalesce((
            SELECT final.detail ->> 'reason'
            FROM fillwire.orders AS child
            JOIN fillwire.order_events AS final ON final.order_id = child.id AND final.seq = child.last_seq
            WHERE child.parent_id = p.id AND child.status = 'CANCELLED'
            ORDER BY child.created_at DESC
            LIMIT 1
        ), 'WITHDRAWN')
        WHEN p.deadline <= coalesce(p.good_till_time, 'infinity') THEN 'DEADLINE_EXCEEDED'
        ELSE 'GOOD_TILL_TIME_PASSED'
    END AS reason,
    p.arrival_mid_price, p.filled_amount_in, p.filled_amount_out,
    receipts.quoted_amount_in, receipts.quoted_amount_out, receipts.slot, receipts.venue_seconds
FROM fillwire.orders AS p
CROSS JOIN LATERAL (
    SELECT
        p.cancel_requested_at IS NOT NULL AS wanted,
        coalesce(least(p.deadline, p.good_till_time) <= clock_timestamp(), false) AS over,
        p.slices_begun >= least((p.condition ->> 'slices')::int, p.amount_in, p.amount_out) AS through
) AS ends
LEFT JOIN LATERAL (
    SELECT
        sum((final.detail ->> 'quoted_amount_in')::numeric) AS quoted_amount_in,
        sum((final.detail ->> 'quoted_amount_out')::numeric) AS quoted_amount_out,
        max((final.detail ->> 'slot')::bigint) AS slot,
        sum((final.detail ->> 'venue_seconds')::float8) AS venue_seconds
    FROM fillwire.orders AS child
    JOIN fillwire.order_events AS final ON final.order_id = child.id AND final.seq = child.last_seq
    WHERE child.parent_id = p.id AND child.status = 'CONFIRMED'
) AS receipts ON ends.through AND p.slices_filled > 0
WHERE p.due_at <= statement_timestamp()
  AND p.status = 'RESTING'
  AND p.type = 'TWAP'
  AND p.slices_begun = p.slices_ended
ORDER BY p.due_at
LIMIT %(limit)s
