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

/**
 * Counts a request against its principal's limit for all requests, and against the limit `name` if given (docs/api.md §6).
 * Sets `RateLimit` and `RateLimit-Policy`.
 * @throws DocketError `rate_limited`
 */
export type RateLimits = (
  name: string | undefined,
  request: Request,
  response: Response,
) => Promise<void>;

/** Requests per minute and principal, by the name of the limit; 0: no limit. `all` applies to every request. */
export type PerMinute = Readonly<Record<string, number>> & { readonly all: number };

const WINDOW_MS = 60_000;

/**
 * @param redis makes several processes count together; undefined: each process counts alone. While Redis is unavailable,
 * no request is limited (docs/decisions/0007-rate-limits-fail-open.md).
 */
export function createRateLimits(
  perMinute: PerMinute,
  redis: RedisCommands | undefined,
  logger: Logger,
): RateLimits {
  const outage = createOutageLog(logger);
  const limiters = new Map(
    Object.entries(perMinute)
      .filter(([, limit]) => limit > 0)
      .map(([name, limit]) => [
        name,
        createLimiter(name, limit, createStore(name, redis, outage), outage),
      ]),
  );
  return async (name, request, response) => {
    for (const each of name === undefined ? ["all"] : ["all", name]) {
      const limiter = limiters.get(each);
      if (limiter !== undefined) await count(limiter, request, response);
    }
  };
}

type OutageLog = {
  readonly failed: (error: unknown) => void;
  readonly succeeded: () => void;
};

/** Logs the beginning and the end of an outage of Redis, once each. */
function createOutageLog(logger: Logger): OutageLog {
  let isUp = true;
  return {
    failed: (error) => {
      // The cause may also be a Redis that is full.
      if (isUp) logger.warn({ err: error }, "redis unavailable, rate limiting disabled");
      isUp = false;
    },
    succeeded: () => {
      if (!isUp) logger.info("redis available, rate limiting enabled");
      isUp = true;
    },
  };
}

function createStore(name: string, redis: RedisCommands | undefined, outage: OutageLog): Store {
  if (redis === undefined) return new MemoryStore();
  const sendCommand = async (command: string, ...args: string[]) => {
    const reply = await redis.send(command, ...args);
    outage.succeeded();
    return reply;
  };
  return new RecoveringRedisStore({ sendCommand, prefix: `docket:limit:${name}:` });
}

function createLimiter(
  name: string,
  limit: number,
  store: Store,
  outage: OutageLog,
): RateLimitRequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    identifier: name,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    store,
    keyGenerator: (_request, response) => clientOf(response),
    passOnStoreError: true,
    // The library logs nothing but failures of the store, once per request.
    logger: { error: outage.failed, warn: outage.failed },
    handler: (_request, response, next) => next(rateLimited(name, limit, response)),
  });
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

/** Principals of two tenants may have the same name. */
function clientOf(response: object): string {
  const { principal } = requestContext(response as Response);
  return `${principal!.tenantId}:${principal!.subject}`;
}

function rateLimited(name: string, limit: number, response: Response): DocketError {
  // Set by the library: the rest of the window.
  const retryAfterSeconds = Number(response.getHeader("Retry-After") ?? WINDOW_MS / 1_000);
  const what = name === "all" ? "requests" : name;
  const detail = `The limit is ${limit} ${what} per minute; try again in ${retryAfterSeconds} s.`;
  return new DocketError("rate_limited", detail, { retryAfterSeconds });
}
