import { uuid } from "@docket/domain";
import Joi from "joi";
import { etagOf } from "../http/etag.ts";
import type { Reply } from "../http/reply.ts";
import type { RouteResponse } from "../http/route.ts";
import type { ExceptionRow } from "./service.ts";
import { exceptionSchema, exceptionView } from "./view.ts";

/** The path parameters of every route below one exception. */
export const exceptionParams = Joi.object<{ exceptionId: string }>({
  exceptionId: uuid().required(),
});

/** An exception with its version as the ETag. */
export const exceptionReply = (row: ExceptionRow, now: Date): Reply => ({
  status: 200,
  headers: { ETag: etagOf(row.version) },
  body: exceptionView(row, now),
});

/** Describes {@link exceptionReply}. */
export const exceptionResponse: RouteResponse = {
  description: "The exception",
  headers: ["ETag"],
  body: exceptionSchema,
};
