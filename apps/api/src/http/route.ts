import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { ErrorCode, Permission } from "@docket/domain";
import type { Logger } from "@docket/platform";
import type { Actor } from "@docket/platform/rows";
import type { ObjectSchema, Schema } from "joi";
import type { ApiContext } from "../context.ts";
import type { RequestHeader, ResponseHeader } from "../openapi/headers.ts";
import type { JsonSchema } from "../openapi/json-schema.ts";
import type { Principal } from "./auth/principal.ts";
import type { Persist, PersistedReply } from "./idempotency.ts";
import type { Reply } from "./reply.ts";

/** A request that is authorized, parsed and validated. */
export type RouteRequest<Params = unknown, Query = unknown> = {
  readonly params: Params;
  readonly query: Query;
  readonly headers: IncomingHttpHeaders;
  readonly principal: Principal;
  readonly requestId: string;
  /** Who acts, for events. */
  readonly by: Actor;
  /** Every line it writes has the request's ID. */
  readonly logger: Logger;
  /** The requested path, without the query. */
  readonly path: string;
};

/** A request that changes something. `Body`: what the schema of the body returned, or the stream of a streamed body. */
export type WriteRequest<Params = unknown, Query = unknown, Body = unknown> = RouteRequest<
  Params,
  Query
> & {
  readonly body: Body;
  readonly persist: Persist;
  /** Whether there is an idempotency key. Without one, `persist` stores nothing and the effect may be a single statement. */
  readonly isKeyed: boolean;
};

/** A write whose handler reads the body as a stream (body/stream.ts). */
export type StreamRequest<Params = unknown, Query = unknown> = WriteRequest<
  Params,
  Query,
  Readable
> & {
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
};

/** A response of a route, for the OpenAPI document. */
export type RouteResponse = {
  readonly description: string;
  readonly headers?: readonly ResponseHeader[];
  /** Absent: no body. */
  readonly body?: JsonSchema;
  /** Default: JSON. */
  readonly mediaType?: string;
};

/** What every route declares; the router, the permission check and the OpenAPI document are made from it. */
type RouteSpec = {
  /** `/v1/contexts/:contextId` */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** The permission that the token must carry. "public": no token is needed, and there is no principal. */
  readonly permission: Permission | "public";
  /** A rate limit in addition to the one for all requests. */
  readonly rateLimit?: Exclude<keyof ApiContext["config"]["perMinute"], "all">;
  readonly params?: ObjectSchema;
  /** Absent: every query parameter is refused. A parameter that may repeat is an array. */
  readonly query?: ObjectSchema;
  /** The responses of a successful request, by status. */
  readonly responses: Readonly<Record<number, RouteResponse>>;
  /** Error codes beyond those that follow from the rest of the route (openapi/problems.ts). */
  readonly errors?: readonly ErrorCode[];
  /** For the document only: what the summary leaves out. */
  readonly description?: string;
  /** For the document only: request headers that the handler reads, beyond those that follow from the rest of the route. */
  readonly headers?: readonly RequestHeader[];
};

/** A route that changes nothing but the audit trail. */
export type ReadRoute = RouteSpec & {
  readonly method: "GET";
  /** The GET writes an audit event, as issuing a download link does. HEAD is then refused. */
  readonly isAudited?: boolean;
  /** The response has no end. HEAD is refused. */
  readonly isEndless?: boolean;
  readonly handler: (context: ApiContext, request: RouteRequest) => Promise<Reply>;
};

type WriteMethod = "POST" | "PATCH" | "DELETE";

/** A route whose effect commits together with its reply. */
export type WriteRoute = RouteSpec & {
  readonly method: WriteMethod;
  /** The schema of the JSON body. Absent: the body must be empty or `{}`. */
  readonly body?: Schema;
  readonly handler: (context: ApiContext, request: WriteRequest) => Promise<PersistedReply>;
};

/** The same for a body that the handler reads as a stream. */
export type StreamRoute = RouteSpec & {
  readonly method: WriteMethod;
  readonly body: "stream";
  /** The lowest average rate of the body (body/minimum-rate.ts). */
  readonly minBytesPerSecond: number;
  /** For the document only: the media types of the body. */
  readonly media: Readonly<Record<string, JsonSchema>>;
  /** For the document only: the query of a handler that validates it itself. */
  readonly documentedQuery?: ObjectSchema;
  readonly handler: (context: ApiContext, request: StreamRequest) => Promise<PersistedReply>;
};

export type Route = ReadRoute | WriteRoute | StreamRoute;

/** A route whose handler's request has the types of its schemas. */
type Typed<R extends Route, Request extends RouteRequest> = Omit<
  R,
  "params" | "query" | "body" | "handler"
> & {
  readonly params?: ObjectSchema<Request["params"]>;
  readonly query?: ObjectSchema<Request["query"]>;
  readonly handler: (context: ApiContext, request: Request) => ReturnType<R["handler"]>;
};

/** Declares a GET. */
export const readRoute = <Params = unknown, Query = unknown>(
  route: Typed<ReadRoute, RouteRequest<Params, Query>>,
): Route => untyped(route);

/** Declares a write with a JSON body, or none. */
export const writeRoute = <Params = unknown, Query = unknown, Body = unknown>(
  route: Typed<WriteRoute, WriteRequest<Params, Query, Body>> & { readonly body?: Schema<Body> },
): Route => untyped(route);

/** Declares a write whose handler reads the body as a stream. */
export const streamRoute = <Params = unknown, Query = unknown>(
  route: Typed<StreamRoute, StreamRequest<Params, Query>>,
): Route => untyped({ ...route, body: "stream" });

/** Sound, since the router passes a handler only what the route's schemas have returned. */
const untyped = (route: object): Route => route as Route;
