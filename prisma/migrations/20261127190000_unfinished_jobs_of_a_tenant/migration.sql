-- Each create asks for the highest turn among its tenant's unfinished jobs, and for their number: one probe, and a scan of at most
-- EXPORT_MAX_ACTIVE_PER_TENANT entries. Without this index each create reads all of the tenant's unfinished jobs, by
-- export_jobs_by_status: 4.5 ms with 5 000 of them. No statement changes `turn`, and the indexes above already know `status`, so the
-- index takes no update its HOT.
CREATE INDEX export_jobs_unfinished_of_tenant ON export_jobs (tenant_id, turn) WHERE status IN ('QUEUED', 'RUNNING');
