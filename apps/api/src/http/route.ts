import type { IncomingMessage } from "node:http";
import type { ErrorCode, Permission } from "@docket/domain";
import type { Logger } from "@docket/platform";
import type { Statements } from "@docket/platform/database";
import type { ObjectSchema, Schema } from "joi";
import type { ApiContext } from "../context.ts";
import type { AnswerHeader, RequestHeader } from "../openapi/headers.ts";
import type { JsonSchema } from "../openapi/json-schema.ts";
import type { Principal } from "./principal.ts";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** What a handler answers. It never sees Express: an answer can be kept and given again. */
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: no body. */
  readonly body?: unknown;
};

/**
 * Writes down the answer to a request with an idempotency key inside of the transaction that makes its effect, so that both
 * commit together; gives the reply back. A handler of a POST calls it as the last thing before the commit.
 */
export type Keep = (within: Statements, reply: Reply) => Promise<Reply>;

/** What a handler gets: everything parsed, checked and authorised. */
export type RouteRequest<Params = unknown, Query = unknown, Body = unknown> = {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly principal: Principal;
  readonly requestId: string;
  readonly logger: Logger;
  /** The path as asked for, without the query. */
  readonly path: string;
  /** The request itself, whose body only a route with `body: "stream"` reads. */
  readonly raw: IncomingMessage;
  readonly keep: Keep;
  /** Whether there is an idempotency key: without one, `keep` does nothing. */
  readonly keyed: boolean;
};

/** One status that a route may answer with, for the OpenAPI document. */
export type Answer = {
  readonly description: string;
  readonly headers?: readonly AnswerHeader[];
  /** Absent: no body. */
  readonly body?: JsonSchema;
};

/** A route as data: the router, the permission check and the OpenAPI document are made from it. */
export type Route = {
  readonly method: Method;
  /** `/v1/contexts/:contextId` */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** What the token must carry; "public" routes need no token and have no principal. */
  readonly permission: Permission | "public";
  /** A GET that leaves a trace, as handing out a link does: HEAD, which would hand out none, is refused. */
  readonly isTraced?: boolean;
  /** A rate limit of its own, beside the one for all. */
  readonly limit?: "exports";
  readonly params?: ObjectSchema;
  /** Absent: every query parameter is refused. A parameter that may repeat is an array. */
  readonly query?: ObjectSchema;
  /** "stream": the handler reads the body from `raw`. Absent: a body must be empty or `{}`. */
  readonly body?: Schema | "stream";
  /** What it answers when all is well. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** How it may refuse or fail, beside what its parts imply (openapi/problems.ts). */
  readonly errors?: readonly ErrorCode[];
  /** For the document only: what the summary leaves out. */
  readonly description?: string;
  /** For the document only: the headers that the handler looks at, beside those that follow from its answers. */
  readonly headers?: readonly RequestHeader[];
  /** For the document only: what a streamed body may be, by media type. */
  readonly media?: Readonly<Record<string, JsonSchema>>;
  /** For the document only: the query of a handler that checks it in an order of its own. */
  readonly documentedQuery?: ObjectSchema;
  readonly handler: (context: ApiContext, request: RouteRequest) => Promise<Reply>;
};

type TypedRoute<Params, Query, Body> = Omit<Route, "params" | "query" | "body" | "handler"> & {
  readonly params?: ObjectSchema<Params>;
  readonly query?: ObjectSchema<Query>;
  readonly body?: Schema<Body> | "stream";
  readonly handler: (
    context: ApiContext,
    request: RouteRequest<Params, Query, Body>,
  ) => Promise<Reply>;
};

/** Declares a route; its handler's parameters have the types of its schemas. */
export function defineRoute<Params = unknown, Query = unknown, Body = unknown>(
  route: TypedRoute<Params, Query, Body>,
): Route {
  // The router hands the handler what the schemas returned, and nothing else.
  return route as unknown as Route;
}
