-- Finds the open orders of an account, or those of them that the filters name; children come with their parents.
SELECT id::text
FROM fillwire.orders
WHERE account_id = %(account_id)s
  AND due_at IS NOT NULL
  AND (%(parent_id)s::uuid IS NULL OR parent_id = %(parent_id)s::uuid)
  AND (%(token_in)s::text IS NULL OR token_in = %(token_in)s)
  AND (%(token_out)s::text IS NULL OR token_out = %(token_out)s)
  AND (%(types)s::text[] IS NULL OR type = ANY (%(types)s))
