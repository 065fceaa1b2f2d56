-- Compressed exports: how the file is compressed, and the digest of the file before compression.
ALTER TABLE export_jobs
  ADD COLUMN compression text CHECK (compression IN ('GZIP')),
  ADD COLUMN content_sha256 text CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
  -- A worker of the previous release would write the file without compression. It cannot finish such a job.
  ADD CONSTRAINT export_jobs_compressed_has_content_digest CHECK (status <> 'SUCCEEDED' OR (compression IS NULL) = (content_sha256 IS NULL));
