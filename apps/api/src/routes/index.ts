import type { Route } from "../http/route.ts";
import { contextRoutes } from "./contexts.ts";
import { exportJobRoutes } from "./export-jobs.ts";
import { healthRoutes } from "./health.ts";
import { sourceRoutes } from "./sources.ts";

/** Every route of the API. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...contextRoutes,
  ...sourceRoutes,
  ...exportJobRoutes,
];
