-- The progress of data migrations (packages/migrations). Only the owner reads and writes it.
CREATE TABLE data_migrations (
  name        text PRIMARY KEY,
  -- The key of the last row that was migrated; null before the first batch and after the last.
  cursor      jsonb,
  rows        bigint NOT NULL DEFAULT 0,
  started_at  timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  finished_at timestamptz(3)
);
