-- Finds keys, with the limits of their accounts; says in each row whether there are keys at all. Where none of these is
-- there, one row says that, with the limits of the default account.
SELECT
    there.are, account.orders_per_minute, account.max_open_orders, account.max_streams,
    key.id, key.account_id, key.name, key.digest, key.scopes, key.created_at, key.expires_at, key.revoked_at,
    key.last_used_at, extract(epoch FROM key.expires_at - clock_timestamp())::float8 AS seconds_left
FROM (SELECT EXISTS (SELECT FROM fillwire.api_keys) AS are) AS there
LEFT JOIN fillwire.api_keys AS key ON key.id = ANY (%(ids)s::text[])
LEFT JOIN fillwire.accounts AS account ON account.id = coalesce(key.account_id, 'default')
