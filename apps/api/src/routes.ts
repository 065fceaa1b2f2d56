import { archiveRoutes } from "./archives/routes.ts";
import { contextRoutes } from "./contexts/routes.ts";
import { disputeActionRoutes } from "./disputes/action-routes.ts";
import { disputeRoutes } from "./disputes/routes.ts";
import { eventRoutes } from "./events/routes.ts";
import { eventStreamRoutes } from "./events/stream/routes.ts";
import { evidenceRoutes } from "./evidence/routes.ts";
import { exceptionActionRoutes } from "./exceptions/action-routes.ts";
import { exceptionRoutes } from "./exceptions/routes.ts";
import { exportJobListRoutes } from "./exports/list-routes.ts";
import { exportJobRoutes } from "./exports/routes.ts";
import { healthRoutes } from "./health/routes.ts";
import { withDocument } from "./openapi/routes.ts";
import { recordRoutes } from "./records/routes.ts";
import { sourceRoutes } from "./sources/routes.ts";
import { summaryRoutes } from "./summary/routes.ts";
import { transactionRoutes } from "./transactions/routes.ts";
import { webhookDeliveryRoutes } from "./webhooks/delivery-routes.ts";
import { webhookEndpointRoutes } from "./webhooks/routes.ts";

/** Every route of the API, and the OpenAPI document of all. */
export const { routes, document } = withDocument([
  // First, because clients poll them: the router tries the paths in this order.
  ...exportJobRoutes,
  ...healthRoutes,
  ...contextRoutes,
  ...summaryRoutes,
  ...sourceRoutes,
  ...transactionRoutes,
  ...exportJobListRoutes,
  ...recordRoutes,
  ...disputeRoutes,
  ...disputeActionRoutes,
  ...exceptionActionRoutes,
  ...exceptionRoutes,
  ...evidenceRoutes,
  ...archiveRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
  ...webhookDeliveryRoutes,
  ...eventStreamRoutes,
]);
