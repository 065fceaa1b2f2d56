import { DocketError, RECORD_KINDS, uuid, type RecordKind } from "@docket/domain";
import Joi from "joi";
import { defineRoute, type Reply, type Route } from "../http/route.ts";
import { component, countSchema } from "../openapi/json-schema.ts";
import { recordMedia } from "./openapi.ts";
import { ingestRecords } from "./service.ts";

const ingestResultSchema = component("IngestResult", {
  received: countSchema,
  inserted: countSchema,
  updated: countSchema,
  unchanged: countSchema,
});

type RecordsParams = { contextId: string; kind: RecordKind };

const push = defineRoute({
  method: "POST",
  path: "/v1/contexts/:contextId/records/:kind",
  operationId: "pushRecords",
  summary: "Push records into a context: NDJSON or CSV, streamed, all or nothing",
  permission: "record:write",
  params: Joi.object<RecordsParams>({
    contextId: uuid().required(),
    kind: Joi.string()
      .valid(...RECORD_KINDS)
      .required(),
  }),
  body: "stream",
  media: recordMedia,
  headers: ["Content-Encoding"],
  answers: { 200: { description: "The counts of records", body: ingestResultSchema } },
  errors: ["invalid_records", "too_many_ingests"],
  handler: async ({ database }, { params, raw, keep }) => {
    // The request closes when its body has ended, so only its socket tells that the client has disconnected.
    const disconnected = new AbortController();
    const onClose = (): void =>
      disconnected.abort(new DocketError("bad_request", "The client closed the connection."));
    raw.socket.once("close", onClose);
    try {
      const counts = await ingestRecords({
        database,
        ...params,
        contentType: raw.headers["content-type"],
        contentEncoding: raw.headers["content-encoding"],
        body: raw,
        signal: disconnected.signal,
        beforeCommit: (counted, within) => keep(within, countsReply(counted)),
      });
      return countsReply(counts);
    } finally {
      raw.socket.off("close", onClose);
    }
  },
});

const countsReply = (counts: object): Reply => ({ status: 200, body: counts });

export const recordRoutes: readonly Route[] = [push];
