-- The summary of a context: its exports that failed in the last 24 hours.
CREATE INDEX export_jobs_failed ON export_jobs (tenant_id, context_id, finished_at) WHERE status = 'FAILED';
