-- Notes that an event was posted in vain, and when it is posted again.
UPDATE fillwire.webhooks
SET failures = failures + 1,
    last_error = %(error)s,
    retry_at = clock_timestamp() + %(seconds)s * interval '1 second'
WHERE id = %(id)s::uuid AND courier = %(courier)s AND version = %(version)s
RETURNING failures
