-- The size of a kept response in bytes, so that those of a tenant can be limited. NULL: kept by the version before, and not counted.
ALTER TABLE idempotency_keys ADD COLUMN body_bytes integer;
-- Large responses only: they are few, and their sum is one short index scan.
CREATE INDEX idempotency_keys_large ON idempotency_keys (tenant_id) INCLUDE (body_bytes, expires_at) WHERE body_bytes > 4096;
