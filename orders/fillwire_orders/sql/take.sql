-- Lets in as many of the wanted orders as the accounts' limits allow, and says what is left; 0 is no limit.
-- An order that is counted in second s was submitted within the second that ends with s: in second s + 61 it is a minute
-- old. `taken` has the counts of the 61 seconds up to `newest`; they move up to the present one.
-- An account whose orders have never been counted is not in the answer.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM json_to_recordset(%(asked)s::json) AS asked (account_id text, wanted int, per_minute int, most_open int)
), kept AS MATERIALIZED (
    SELECT quota.account_id, quota.taken, extract(epoch FROM quota.full_at)::bigint - 60 AS newest
    FROM fillwire.order_quotas AS quota
    JOIN asked USING (account_id)
    ORDER BY quota.account_id
    FOR NO KEY UPDATE OF quota
), present AS MATERIALIZED (
    -- The clock is read behind the lock, so that it goes on from one taker to the next; unless the machine's goes back.
    SELECT
        kept.*, asked.wanted, asked.per_minute, asked.most_open,
        extract(epoch FROM clock_timestamp())::float8 AS now
    FROM kept
    JOIN asked USING (account_id)
), moved AS MATERIALIZED (
    SELECT
        present.*, greatest(newest, ceil(now)::bigint) AS second,
        least(greatest(ceil(now)::bigint - newest, 0), 61)::int AS step
    FROM present
), counted AS MATERIALIZED (
    SELECT
        moved.*, recent.taken AS recent,
        CASE WHEN per_minute > 0 THEN greatest(per_minute - used.number, 0) END AS rate_left,
        CASE WHEN most_open > 0 THEN greatest(most_open - running.number, 0) END AS open_left
    FROM moved
    CROSS JOIN LATERAL (SELECT moved.taken[1 + step:] || array_fill(0, ARRAY[step])) AS recent (taken)
    CROSS JOIN LATERAL (SELECT sum(one)::int FROM unnest(recent.taken) AS one) AS used (number)
    CROSS JOIN LATERAL (
        -- No further than to the limit, and not at all where there is none.
        SELECT count(*)::int
        FROM (
            SELECT FROM fillwire.orders AS o
            WHERE o.account_id = moved.account_id AND o.due_at IS NOT NULL AND moved.most_open > 0
            LIMIT moved.most_open
        ) AS few
    ) AS running (number)
), granted AS MATERIALIZED (
    SELECT
        counted.*, least(wanted, rate_left, open_left) AS number,
        recent[:60] || recent[61] + CASE WHEN per_minute > 0 THEN least(wanted, rate_left, open_left) ELSE 0 END AS after
    FROM counted
), stored AS (
    UPDATE fillwire.order_quotas AS quota
    SET taken = granted.after, full_at = to_timestamp(granted.second + 60)
    FROM granted
    WHERE quota.account_id = granted.account_id AND granted.number > 0 AND granted.per_minute > 0
)
SELECT
    account_id, number, rate_left - number AS remaining, open_left - number AS open_left,
    -- Until the oldest of the last minute's orders counts no more.
    greatest(
        coalesce((SELECT min(n) FROM unnest(after) WITH ORDINALITY AS one (number, n) WHERE one.number > 0), 61)
        + second - 1 - now, 0
    )::float8 AS reset_seconds,
    CASE WHEN per_minute > 0 THEN second ELSE 0 END AS second
-- The order that this is for is committed after it, and waits until both are safe: this need not wait as well.
FROM granted, set_config('synchronous_commit', 'off', true)
