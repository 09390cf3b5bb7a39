-- Takes off a dead man's switch that has gone off, unless it was set again meanwhile.
UPDATE fillwire.accounts SET cancel_at = NULL
WHERE id = %(account_id)s AND cancel_at = %(cancel_at)s
