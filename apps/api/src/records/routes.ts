import { RECORD_KINDS, uuid, type RecordKind } from "@docket/domain";
import { currentTenant } from "@docket/platform/database";
import { recordEvent } from "@docket/platform/rows";
import Joi from "joi";
import { contextPath } from "../contexts/service.ts";
import { contentLengthOf } from "../http/body/content-length.ts";
import { streamRoute, type Route } from "../http/route.ts";
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

const ingest = streamRoute({
  method: "POST",
  path: "/v1/contexts/:contextId/records/:kind",
  operationId: "pushRecords",
  summary: "Ingest records into a context: NDJSON or CSV, streamed, all or nothing",
  permission: "record:write",
  params: Joi.object<RecordsParams>({
    contextId: uuid().required(),
    kind: Joi.string()
      .valid(...RECORD_KINDS)
      .required(),
  }),
  media: recordMedia,
  minBytesPerSecond: 64 * 1_024,
  headers: ["Content-Encoding"],
  responses: { 200: { description: "The counts of records", body: ingestResultSchema } },
  errors: ["invalid_records", "too_many_ingests"],
  handler: ({ database, semaphores, pacing }, request) => {
    const { params, headers, body, signal, by, persist } = request;
    return ingestRecords({
      database,
      semaphore: semaphores.ingests,
      pace: (chunks) => pacing.pace(chunks, { tenantId: currentTenant(), headers }),
      ...params,
      contentType: headers["content-type"],
      contentLength: contentLengthOf(headers),
      contentEncoding: headers["content-encoding"],
      body,
      signal,
      beforeCommit: async (tx, counts) => {
        const subject = contextPath(params.contextId);
        const data = { ...params, ...counts };
        await recordEvent(tx, by, { type: "records.ingested", subject, data });
        return persist(tx, { status: 200, body: counts });
      },
    });
  },
});

export const recordRoutes: readonly Route[] = [ingest];
