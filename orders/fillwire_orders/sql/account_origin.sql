-- What tells this database from every other one, and where its transactions are: the lowest that is open, and the next.
SELECT
    system_identifier,
    (SELECT oid::bigint FROM pg_database WHERE datname = current_database()),
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint
FROM pg_control_system()
