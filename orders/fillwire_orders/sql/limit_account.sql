-- Gives an account limits of its own; NULL: the server's setting holds.
UPDATE fillwire.accounts
SET orders_per_minute = %(orders_per_minute)s,
    max_open_orders = %(max_open_orders)s,
    max_streams = %(max_streams)s
WHERE id = %(account_id)s
RETURNING id
