-- Takes transactions in; a signature that is already there is left as it is.
-- A dropped one never lands, so it has no time of landing.
INSERT INTO market.transactions
    (signature, reference, payload, pool_ids, last_valid_slot, fate, sent_at, land_at)
SELECT
    t.signature, t.reference, t.payload, string_to_array(t.pool_ids, ' '), t.last_valid_slot,
    t.fate, m.instant,
    CASE WHEN t.fate <> 'drop' THEN m.instant + t.delay * interval '1 second' END
FROM market.moment AS m
CROSS JOIN unnest(
    %(signatures)s::text[], %(references)s::text[], %(payloads)s::bytea[], %(pool_ids)s::text[],
    %(last_valid_slots)s::bigint[], %(fates)s::text[], %(delays)s::float8[]
) WITH ORDINALITY AS t (signature, reference, payload, pool_ids, last_valid_slot, fate, delay, turn)
ORDER BY t.turn
ON CONFLICT (signature) DO NOTHING
RETURNING signature
