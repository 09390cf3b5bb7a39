-- Takes one order out of the second in which it was counted, if that still counts.
UPDATE fillwire.order_quotas AS quota
SET taken[place.n] = greatest(quota.taken[place.n] - 1, 0)
FROM (
    SELECT account_id, 61 - (extract(epoch FROM full_at)::bigint - 60 - %(second)s::bigint)::int AS n
    FROM fillwire.order_quotas
    WHERE account_id = %(account_id)s
    FOR NO KEY UPDATE
) AS place
WHERE quota.account_id = place.account_id AND place.n BETWEEN 1 AND 61
