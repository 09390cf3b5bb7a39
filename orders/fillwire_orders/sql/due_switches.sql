-- Finds accounts whose dead man's switch ought to go off.
SELECT id, cancel_at
FROM fillwire.accounts
WHERE cancel_at <= statement_timestamp()
ORDER BY cancel_at
LIMIT %(limit)s
