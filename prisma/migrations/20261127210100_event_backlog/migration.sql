-- The rows of `audit_events` from before the trigger get their numbers first. In a migration of its own, so that writers do not wait
-- for it: the trigger is committed, and every row without it is visible here.
INSERT INTO event_outbox (audit_seq)
SELECT seq FROM audit_events
ON CONFLICT DO NOTHING;
