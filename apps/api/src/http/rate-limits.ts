import { DocketError } from "@docket/domain";
import type { Logger } from "@docket/platform";
import type { RedisCommands } from "@docket/platform/redis";
import type { Request, Response } from "express";
import {
  MemoryStore,
  rateLimit,
  type RateLimitRequestHandler,
  type Store,
} from "express-rate-limit";
import { RecoveringRedisStore } from "./redis-store.ts";
import { requestContext } from "./request-context.ts";
import type { Route } from "./route.ts";

/**
 * Counts a request against its principal's limits (contract §6), and says in `RateLimit` and `RateLimit-Policy` what is left.
 * @throws DocketError `rate_limited`
 */
export type RateLimits = (
  route: Pick<Route, "limit">,
  request: Request,
  response: Response,
) => Promise<void>;

const WINDOW_MS = 60_000;

/**
 * @param perMinute requests of one principal; 0: any number.
 * @param redis where several processes count together; undefined: each counts for itself. While Redis is away nobody is
 * limited: a limit protects the service, and must not be what stops it (docs/decisions/0007).
 */
export function createRateLimits(
  perMinute: { readonly all: number; readonly exports: number },
  redis: RedisCommands | undefined,
  logger: Logger,
): RateLimits {
  let counting = true;
  const lost = (error: unknown): void => {
    // With the cause: a Redis that is full answers, and counts nobody all the same.
    if (counting) logger.warn({ err: error }, "Redis does not count: nobody is rate-limited");
    counting = false;
  };
  const send = async (name: string, ...args: string[]) => {
    const answer = await redis!.send(name, ...args);
    if (!counting && name !== "SCRIPT") {
      logger.info("Redis counts again: rate limits hold");
      counting = true;
    }
    return answer;
  };
  const storeOf = (name: string): Store =>
    redis === undefined
      ? new MemoryStore()
      : new RecoveringRedisStore({ sendCommand: send, prefix: `docket:limit:${name}:` });

  const limiter = (name: string, limit: number): RateLimitRequestHandler | undefined =>
    limit === 0
      ? undefined
      : rateLimit({
          windowMs: WINDOW_MS,
          limit,
          identifier: name,
          standardHeaders: "draft-8",
          legacyHeaders: false,
          store: storeOf(name),
          keyGenerator: (_request, response) => principalOf(response),
          passOnStoreError: true,
          // All that it has to say is that the store failed, once a request.
          logger: { error: lost, warn: lost },
          handler: (_request, response, next) => next(tooMany(limit, name, response)),
        });
  const all = limiter("all", perMinute.all);
  const exports = limiter("exports", perMinute.exports);

  return async (route, request, response) => {
    const limiters = [all, route.limit === "exports" ? exports : undefined];
    for (const each of limiters) if (each !== undefined) await count(each, request, response);
  };
}

const count = (
  limiter: RateLimitRequestHandler,
  request: Request,
  response: Response,
): Promise<void> =>
  new Promise((resolve, reject) => {
    void limiter(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(error),
    );
  });

/** Two tenants may have principals of the same name. */
function principalOf(response: Response): string {
  const { principal } = requestContext(response as never);
  return `${principal!.tenantId}:${principal!.subject}`;
}

const WHAT: Readonly<Record<string, string>> = { all: "requests", exports: "exports" };

function tooMany(limit: number, name: string, response: Response): DocketError {
  // The library has set it: the rest of the window.
  const retryAfterSeconds = Number(response.getHeader("Retry-After") ?? WINDOW_MS / 1_000);
  const detail = `At most ${limit} ${WHAT[name]} a minute are taken; try again in ${retryAfterSeconds} s.`;
  return new DocketError("rate_limited", detail, { retryAfterSeconds });
}
