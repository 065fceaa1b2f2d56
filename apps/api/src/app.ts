import express, { type Express } from "express";
import type { ApiContext } from "./context.ts";
import { discardUnusedBodies } from "./http/body/unused.ts";
import { createConsole } from "./http/console/console.ts";
import { createCrossOrigin } from "./http/cross-origin.ts";
import { createDocs } from "./http/docs.ts";
import { createRequestContext } from "./http/request-context.ts";
import { createRouter } from "./http/router.ts";
import { createSecurityHeaders } from "./http/security-headers.ts";
import { routes } from "./routes.ts";

/** The HTTP application over a context. */
export function createApp(context: ApiContext): Express {
  const { config, logger } = context;
  const app = express();
  app.disable("x-powered-by");
  // Routes set ETag where docs/api.md requires it; Express would hash every response.
  app.disable("etag");
  // No nested objects in the query.
  app.set("query parser", "simple");
  app.use(createRequestContext(logger, context.metrics.requestFinished));
  app.use(context.pacing.countRequests);
  app.use(createSecurityHeaders());
  app.use(discardUnusedBodies);
  app.use(createCrossOrigin(config.corsOrigins));
  app.use("/docs", createDocs());
  if (config.console !== undefined) {
    app.use(createConsole(config.console, config.storage, logger));
  }
  app.use(createRouter(context, routes));
  return app;
}
