import type { ErrorCode, Permission } from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import type { Actor } from "@docket/platform/rows";
import type { ObjectSchema, Schema } from "joi";
import type { ApiContext } from "../context.ts";
import type { IfMatch } from "../http/etag.ts";
import type { Reply } from "../http/reply.ts";
import { writeRoute, type Route, type RouteResponse, type WriteRoute } from "../http/route.ts";

/** What the routes of all actions on one kind of resource share. */
type Resource<Params, Command> = {
  readonly permission: Permission;
  readonly params: ObjectSchema<Params>;
  readonly response: RouteResponse;
  readonly errors: readonly ErrorCode[];
  /** Locks the resource, checks `If-Match`, applies the command and makes the reply. */
  readonly change: (
    tx: Transaction,
    params: Params,
    command: Command,
    by: Actor,
    ifMatch: IfMatch,
    context: ApiContext,
  ) => Promise<Reply>;
};

/** The parts in which the routes of the actions differ. */
type ActionRoute<Body, Command> = Pick<
  WriteRoute,
  "method" | "path" | "operationId" | "summary"
> & {
  readonly body?: Schema<Body>;
  readonly command: (body: Body) => Command;
};

/** Declares routes that apply one command to one resource and answer with it. */
export const actionRoutes =
  <Params, Command>({ permission, params, response, errors, change }: Resource<Params, Command>) =>
  <Body>({ command, ...route }: ActionRoute<Body, Command>): Route =>
    writeRoute<Params, unknown, Body>({
      ...route,
      permission,
      params,
      responses: { 200: response },
      errors,
      handler: (context, { params: given, body, by, headers, persist }) =>
        context.database.transaction(async (tx) => {
          const ifMatch = headers["if-match"];
          return persist(tx, await change(tx, given, command(body), by, ifMatch, context));
        }),
    });
