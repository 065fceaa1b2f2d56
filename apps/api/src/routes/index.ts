import type { Route } from "../http/route.ts";
import { contextRoutes } from "./contexts.ts";
import { disputeReadRoutes } from "./dispute-reads.ts";
import { disputeRoutes } from "./disputes.ts";
import { evidenceRoutes } from "./evidence.ts";
import { exceptionRoutes } from "./exceptions.ts";
import { exportJobListRoutes } from "./export-job-lists.ts";
import { exportJobRoutes } from "./export-jobs.ts";
import { healthRoutes } from "./health.ts";
import { withDocument } from "./openapi.ts";
import { recordRoutes } from "./records.ts";
import { sourceRoutes } from "./sources.ts";

/** Every route of the API. */
export const routes: readonly Route[] = withDocument([
  ...healthRoutes,
  ...contextRoutes,
  ...sourceRoutes,
  ...exportJobRoutes,
  ...exportJobListRoutes,
  ...recordRoutes,
  ...disputeRoutes,
  ...disputeReadRoutes,
  ...exceptionRoutes,
  ...evidenceRoutes,
]);
