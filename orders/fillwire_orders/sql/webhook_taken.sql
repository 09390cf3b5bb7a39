-- Notes that all up to a cursor was taken; not by a courier that has lost the webhook, or delivers by old terms.
UPDATE fillwire.webhooks
SET cursor = %(cursor)s, failures = 0, last_error = '', retry_at = NULL
WHERE id = %(id)s::uuid AND courier = %(courier)s AND version = %(version)s
RETURNING id::text
