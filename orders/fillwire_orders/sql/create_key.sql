-- Stores a key, and its account where there is none.
WITH account AS (
    INSERT INTO fillwire.accounts (id)
    VALUES (%(account_id)s)
    ON CONFLICT (id) DO NOTHING
)
INSERT INTO fillwire.api_keys (id, account_id, name, digest, scopes, expires_at)
VALUES (
    %(id)s, %(account_id)s, %(name)s, %(digest)s, %(scopes)s::text[],
    clock_timestamp() + %(lives)s::float8 * interval '1 second'
)
