import type { IncomingMessage } from "node:http";
import { DocketError } from "@docket/domain";
import { withTenant } from "@docket/platform/database";
import type { Request, RequestHandler, Response } from "express";
import type { ApiContext } from "../context.ts";
import { authorize, type Principal } from "./auth/principal.ts";
import { discardBody } from "./body/discard.ts";
import { fingerprintOf, openHashedBody, type Fingerprint } from "./body/fingerprint.ts";
import { readJson } from "./body/json.ts";
import { requireMinimumRate } from "./body/minimum-rate.ts";
import { openBody } from "./body/stream.ts";
import { keyHeadersOf, keyOf } from "./idempotency-key.ts";
import { runOnce, runWithoutKey, type Persist, type PersistedReply } from "./idempotency.ts";
import type { Reply } from "./reply.ts";
import { pathOf, requestContext } from "./request-context.ts";
import type { ReadRoute, Route, RouteRequest, StreamRoute, WriteRoute } from "./route.ts";
import { sendReply, sendStream } from "./send.ts";
import { dependencyUnavailable } from "./translate-error.ts";
import { createRequestCheck, type RequestCheck } from "./validate-request.ts";

type Exchange = {
  readonly context: ApiContext;
  readonly request: Request;
  readonly check: RequestCheck;
  /** What every handler gets. */
  readonly shared: Omit<RouteRequest, "params" | "query">;
};

/** The handler of a route: token, permission, body and validation, then the route's own handler as the tenant of the token. */
export function createHandler(context: ApiContext, route: Route): RequestHandler {
  const check = createRequestCheck(route);
  const isPaged = isList(route);
  const isStreamed = route.method !== "GET" && route.body === "stream";
  return async (request, response) => {
    requestContext(response).route = route.path;
    const principal = await identify(context, route, request, response);
    if (isPaged) await holdPage(context, principal, response);
    const { requestId, logger } = requestContext(response);
    const { headers } = request;
    const by = { actor: principal.subject, requestId };
    const shared = { headers, principal, requestId, by, logger, path: pathOf(request) };
    const exchange = { context, request, check, shared };
    const reply = await run(exchange, route);
    // What the request has changed is committed now.
    if (route.method !== "GET" || route.isAudited === true) context.sequencer.wake();
    // A compressed body may end before the bytes that were announced. Bodies of other routes have been read or discarded.
    if (isStreamed && !(await discardBody(request))) response.setHeader("Connection", "close");
    const { stream } = reply;
    if (stream === undefined) sendReply(response, reply);
    else await sendStream(response, { ...reply, stream });
  };
}

const isList = ({ method, query }: Route): boolean =>
  method === "GET" && query?.describe()["keys"]?.limit !== undefined;

/**
 * Waits until the tenant may have another page in memory, where it may take several MiB. The permit is held until the client has read
 * the page, so that clients which do not read cannot fill the memory.
 */
async function holdPage(
  { semaphores }: ApiContext,
  { tenantId }: Principal,
  response: Response,
): Promise<void> {
  const { release } = await semaphores.pages.acquire(tenantId);
  // The client may have disconnected during the wait.
  if (response.closed) release();
  else response.once("close", release);
}

function run(exchange: Exchange, route: Route): Promise<Reply> {
  if (route.method === "GET") return runRead(exchange, route);
  return route.body === "stream" ? runStream(exchange, route) : runWrite(exchange, route);
}

/** The principal of public routes. */
const NOBODY: Principal = { subject: "", tenantId: "", permissions: new Set(), expiresAt: 0 };

async function identify(
  context: ApiContext,
  route: Route,
  request: Request,
  response: Response,
): Promise<Principal> {
  if (route.permission === "public") return NOBODY;
  const principal = await context.authenticate(request, response);
  requestContext(response).principal = principal;
  await context.rateLimits(route.rateLimit, request, response);
  authorize(principal, route.permission);
  return principal;
}

/** Runs `work` as the tenant of the token. */
async function asTenant<T>(
  { context, shared: { principal } }: Exchange,
  work: () => Promise<T>,
): Promise<T> {
  if (principal === NOBODY) return work();
  // No row is read until the database login is known to be bound by row-level security.
  if (!context.role.isBound()) throw dependencyUnavailable("database");
  return withTenant(principal.tenantId, work);
}

function runRead(exchange: Exchange, route: ReadRoute): Promise<Reply> {
  const { context, request, check, shared } = exchange;
  const { params, query } = check({ params: request.params, query: request.query });
  return asTenant(exchange, () => route.handler(context, { ...shared, params, query }));
}

async function runWrite(exchange: Exchange, route: WriteRoute): Promise<Reply> {
  const { context, request, shared } = exchange;
  const { value, bytes } = await readJson(request);
  const { params, query, body, key } = checkWrite(exchange, route, value);
  const input = { ...shared, params, query, body, isKeyed: key !== undefined };
  const scope = { path: canonicalPath(route, params), key };
  return runKeyed(exchange, scope, fingerprintOf(request, bytes), (persist) =>
    route.handler(context, { ...input, persist }),
  );
}

async function runStream(exchange: Exchange, route: StreamRoute): Promise<Reply> {
  const { context, request, shared } = exchange;
  const { body, fingerprint } =
    keyHeadersOf(request.headers) === undefined
      ? { body: openBody(request) }
      : openHashedBody(request);
  const client = watchClient(request);
  try {
    requireMinimumRate(request, body, route.minBytesPerSecond);
    const { params, query, key } = checkWrite(exchange, route, undefined);
    const input = { ...shared, params, query, body, isKeyed: key !== undefined };
    const scope = { path: canonicalPath(route, params), key };
    return await runKeyed(exchange, scope, fingerprint, (persist) =>
      route.handler(context, { ...input, signal: client.signal, persist }),
    );
  } finally {
    client.unwatch();
    // What is left of the body is discarded before the response.
    body.destroy();
  }
}

function checkWrite({ request, check }: Exchange, { permission }: Route, value: unknown) {
  const keyHeaders = permission === "public" ? undefined : keyHeadersOf(request.headers);
  const { headers, ...parts } = check({
    params: request.params,
    query: request.query,
    body: value,
    ...(keyHeaders !== undefined && { headers: keyHeaders }),
  });
  return { ...parts, key: keyOf(headers) };
}

/** The path with its validated parameters, so that an ID in upper case or percent-encoded is the same resource. */
const canonicalPath = ({ path }: Route, params: unknown): string =>
  path.replace(/:(\w+)/g, (_, name: string) => (params as Record<string, string>)[name]!);

/** Runs a write as the tenant of the token, once for each idempotency key. */
function runKeyed(
  exchange: Exchange,
  { path, key }: { readonly path: string; readonly key: string | undefined },
  fingerprint: Fingerprint | undefined,
  handle: (persist: Persist) => Promise<PersistedReply>,
): Promise<Reply> {
  const { context, request, shared } = exchange;
  return asTenant(exchange, () => {
    if (key === undefined || fingerprint === undefined) return runWithoutKey(handle);
    const { principal, logger } = shared;
    const scope = { principal: principal.subject, method: request.method, path, key };
    const sealer = context.webhooks?.sealer;
    return runOnce({ prisma: context.database.prisma, logger, fingerprint, sealer }, scope, handle);
  });
}

/** A signal that aborts when the client disconnects. A request closes at the end of its body, so the socket is watched. */
function watchClient({ socket }: IncomingMessage): {
  readonly signal: AbortSignal;
  readonly unwatch: () => void;
} {
  const controller = new AbortController();
  const onClose = (): void =>
    controller.abort(new DocketError("bad_request", "The client disconnected."));
  socket.once("close", onClose);
  return { signal: controller.signal, unwatch: () => socket.off("close", onClose) };
}
