-- GET /v1/exceptions in the default order: severity.
CREATE INDEX exceptions_by_severity_and_creation ON exceptions (tenant_id, severity, created_at, id);
