-- A tenant's unfinished jobs are found by export_jobs_by_status as cheaply (31 blocks for 20 jobs either way), and each index is
-- paid for at every change of a job's state. export_jobs_unfinished stays: the reconciler asks by time, over all tenants.
DROP INDEX export_jobs_active;
