-- Exports as NDJSON.
ALTER TABLE export_jobs DROP CONSTRAINT export_jobs_format_check;
ALTER TABLE export_jobs ADD CONSTRAINT export_jobs_format_check CHECK (format IN ('CSV', 'JSON', 'XML', 'NDJSON'));
