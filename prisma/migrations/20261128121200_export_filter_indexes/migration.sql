-- GET /v1/export-jobs: reportType; format, with every report type; and both.
CREATE INDEX export_jobs_by_kind ON export_jobs (tenant_id, report_type, format, created_at, id);
-- finishedFrom. A create pays nothing for it: a job enters it when it ends.
CREATE INDEX export_jobs_by_end ON export_jobs (tenant_id, finished_at) WHERE finished_at IS NOT NULL;
