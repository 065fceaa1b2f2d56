-- Exports as XLSX, which is compressed already.
ALTER TABLE export_jobs DROP CONSTRAINT export_jobs_format_check;
ALTER TABLE export_jobs
  ADD CONSTRAINT export_jobs_format_check CHECK (format IN ('CSV', 'JSON', 'XML', 'NDJSON', 'XLSX')),
  ADD CONSTRAINT export_jobs_xlsx_has_no_compression CHECK (format <> 'XLSX' OR compression IS NULL);
