import { DocketError, RECORD_KINDS, uuid, type RecordKind } from "@docket/domain";
import Joi from "joi";
import { defineRoute, type Reply, type Route } from "../http/route.ts";
import { ingestRecords } from "../services/records.ts";
import { notFoundAnswer, refusals } from "./answers.ts";

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
  answers: {
    200: { description: "What became of the records" },
    413: { description: "The gzip body unpacks to a multiple of its size" },
    415: { description: "The body is neither application/x-ndjson nor text/csv in UTF-8" },
    ...notFoundAnswer,
    ...refusals,
    422: {
      description: "Some lines are at fault: the first 100 are listed, and nothing was written",
    },
    503: {
      description: "Too many loads at once, or a dependency is out of reach",
      headers: ["Retry-After"],
    },
  },
  handler: async ({ database }, { params, raw, keep }) => {
    // The request itself closes when its body has ended; that the caller has gone is the socket's to tell.
    const gone = new AbortController();
    const hangUp = (): void => gone.abort(new DocketError("bad_request", "The caller has gone."));
    raw.socket.once("close", hangUp);
    try {
      const counts = await ingestRecords({
        database,
        ...params,
        contentType: raw.headers["content-type"],
        contentEncoding: raw.headers["content-encoding"],
        body: raw,
        signal: gone.signal,
        beforeCommit: (counted, within) => keep(within, countsReply(counted)),
      });
      return countsReply(counts);
    } finally {
      raw.socket.off("close", hangUp);
    }
  },
});

const countsReply = (counts: object): Reply => ({ status: 200, body: counts });

export const recordRoutes: readonly Route[] = [push];
