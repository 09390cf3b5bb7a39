-- Reads an account: its own limits, and its dead man's switch.
SELECT orders_per_minute, max_open_orders, max_streams, cancel_at
FROM fillwire.accounts
WHERE id = %(account_id)s
