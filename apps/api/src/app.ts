import cors from "cors";
import express, { type Express } from "express";
import helmet from "helmet";
import type { ApiContext } from "./context.ts";
import { createDocs } from "./http/docs.ts";
import { createRequestContext } from "./http/request-context.ts";
import { createRouter } from "./http/router.ts";
import { routes } from "./routes.ts";

/** What a browser's script may read of an answer (contract §6). */
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
  // Versions of resources are told by ETag where the contract says so, not by a hash of every answer.
  app.disable("etag");
  // Names and strings only: no nesting, no prototypes.
  app.set("query parser", "simple");
  app.use(createRequestContext(context.logger, context.metrics.answered));
  app.use(helmet());
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
