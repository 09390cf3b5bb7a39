-- Reads what the last route and the end of several orders' logs say.
SELECT DISTINCT ON (order_id, what) order_id::text, what, detail::text
FROM (
    SELECT
        order_id, seq, detail,
        CASE
            WHEN detail ->> 'kind' IN ('built', 'submitted') AND detail ? 'route' THEN 'route'
            WHEN status = ANY (%(final)s::text[]) THEN 'end'
        END AS what
    FROM fillwire.order_events
    WHERE order_id = ANY (%(ids)s::uuid[]) AND detail IS NOT NULL
) AS told
WHERE what IS NOT NULL
ORDER BY order_id, what, seq DESC
