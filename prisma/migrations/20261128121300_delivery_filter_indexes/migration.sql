-- GET /v1/webhook-endpoints/{endpointId}/deliveries: type, and a status other than DELIVERED, which most deliveries have.
CREATE INDEX webhook_deliveries_by_type ON webhook_deliveries (tenant_id, endpoint_id, type, created_at, id);
CREATE INDEX webhook_deliveries_undelivered ON webhook_deliveries (tenant_id, endpoint_id, status, created_at, id)
  WHERE status <> 'DELIVERED';
