-- Notes that keys are in use; a minute is fine enough, and a key that is busy does not become a busy row.
UPDATE fillwire.api_keys
SET last_used_at = clock_timestamp()
WHERE id = ANY (%(ids)s::text[])
  AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
