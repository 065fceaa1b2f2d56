import { createLogger, type Logger } from "@docket/platform";
import type { RequestListener } from "node:http";
import { type ApiConfig, type ApiContext } from "../../src/index.ts";
import { createAuthenticate } from "../../src/http/auth/authenticate.ts";
import { createBulkPacing } from "../../src/http/bulk-pacing.ts";
import { createTurns } from "../../src/http/turns.ts";
import { createApiMetrics } from "../../src/metrics.ts";
import { createSemaphores } from "../../src/semaphores.ts";
import { createCheckedApp } from "./checked-app.ts";
import { SECRET } from "./tokens.ts";

/** An application without dependencies, for what is decided before any of them is used. */
export function createBareApp(
  token: ApiConfig["token"] = { keys: { secret: SECRET } },
  config: Partial<ApiConfig> = {},
  logger: Logger = createLogger("test", "silent"),
): RequestListener {
  const unavailable = (): Promise<never> =>
    Promise.reject(new Error("SELECT secret FROM 10.0.0.1"));
  const context = {
    config: { corsOrigins: [], ...config },
    logger,
    metrics: createApiMetrics(() => 0),
    database: { transaction: unavailable },
    role: { isBound: () => true },
    semaphores: createSemaphores(10),
    pacing: createBulkPacing(createTurns()),
    authenticate: createAuthenticate(token),
    rateLimits: async () => undefined,
    now: () => new Date(),
  } as unknown as ApiContext;
  return createCheckedApp(context);
}
