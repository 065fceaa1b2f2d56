import cors from "cors";
import express, { type Express } from "express";
import helmet from "helmet";
import type { ApiContext } from "./context.ts";
import { discardUnusedBodies } from "./http/body/unused.ts";
import { createDocs } from "./http/docs.ts";
import { createRequestContext } from "./http/request-context.ts";
import { createRouter } from "./http/router.ts";
import { routes } from "./routes.ts";

/** The response headers that scripts of other origins may read (docs/api.md §6). */
const EXPOSED_HEADERS = [
  "Location",
  "Retry-After",
  "ETag",
  "X-Request-Id",
  "Idempotency-Replayed",
  "RateLimit",
  "RateLimit-Policy",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
];

/** The HTTP application over a context. */
export function createApp(context: ApiContext): Express {
  const app = express();
  app.disable("x-powered-by");
  // Routes set ETag where docs/api.md requires it; Express would hash every response.
  app.disable("etag");
  // No nested objects in the query.
  app.set("query parser", "simple");
  app.use(createRequestContext(context.logger, context.metrics.requestFinished));
  app.use(helmet());
  app.use(discardUnusedBodies);
  app.use(
    cors({
      origin: context.config.corsOrigins.length === 0 ? false : [...context.config.corsOrigins],
      exposedHeaders: EXPOSED_HEADERS,
      maxAge: 600,
    }),
  );
  app.use("/docs", createDocs());
  app.use(createRouter(context, routes));
  return app;
}
