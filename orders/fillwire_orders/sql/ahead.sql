-- Says which of these logs go further than was seen; of ten thousand that are watched, few do in the same second.
SELECT o.id::text, o.last_seq
FROM json_to_recordset(%(seen)s::json) AS seen (id uuid, seq bigint)
JOIN fillwire.orders AS o ON o.id = seen.id
WHERE o.last_seq > seen.seq
