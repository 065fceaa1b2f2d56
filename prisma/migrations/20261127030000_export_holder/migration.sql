-- Who holds a claim. A failover to a replica that lags may lose a claim, and the number is then given out a second time. The
-- holder is random, so that only one of the two workers can still write to the job.
--
-- The previous release neither sets nor checks the column. If one of its workers claims a job, the holder of an earlier claim
-- stays in the row. That worker named another number or, if the claims since were lost, a holder that was lost with them: the
-- row never shows its number together with its holder again.
ALTER TABLE export_jobs ADD COLUMN holder uuid;
