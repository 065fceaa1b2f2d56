-- The columns of an export in file order (none: all), the time zone of its days (NULL: UTC), and the range in that zone.
ALTER TABLE export_jobs
  ADD COLUMN columns text[] NOT NULL DEFAULT '{}',
  ADD COLUMN time_zone text,
  ADD COLUMN range_from timestamptz,
  ADD COLUMN range_until timestamptz CHECK (range_until >= range_from),
  ADD CONSTRAINT export_jobs_zone_has_range CHECK ((time_zone IS NULL) = (range_from IS NULL) AND (time_zone IS NULL) = (range_until IS NULL));
