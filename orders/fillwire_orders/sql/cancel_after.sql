-- Sets an account's dead man's switch, or takes it off.
UPDATE fillwire.accounts
SET cancel_at = clock_timestamp() + %(seconds)s * interval '1 second'
WHERE id = %(account_id)s
RETURNING cancel_at
