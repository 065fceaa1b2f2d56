-- PostgreSQL 18 makes UUIDs of version 7 itself, about twenty times as fast. Older servers keep the function in SQL.
DO $$
BEGIN
  IF to_regprocedure('pg_catalog.uuidv7()') IS NOT NULL THEN
    CREATE OR REPLACE FUNCTION uuid_v7() RETURNS uuid
    LANGUAGE sql VOLATILE PARALLEL SAFE
    AS 'SELECT pg_catalog.uuidv7()';
  END IF;
END
$$;
