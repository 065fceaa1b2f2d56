import { randomUUID } from "node:crypto";
import { routes } from "../../../src/routes.ts";
import { aFile, upload } from "../../support/evidence.ts";
import { createKeyedStage, transactionLines, type KeyedAnswer } from "../../support/keyed.ts";

const { stage, bench, key, post, recordsPath } = createKeyedStage();

const json = (body: object): [string, string] => [JSON.stringify(body), "application/json"];

describe("every POST", () => {
  /** How to do each, and the table in which its effect is seen. */
  const CALLS: Readonly<
    Record<string, readonly [string, () => Promise<KeyedAnswer | { status: number }>]>
  > = {
    createContext: ["contexts", () => post("/v1/contexts", ...json({ name: "second" }))],
    createSource: [
      "sources",
      () =>
        post(
          `/v1/contexts/${bench().contextId}/sources`,
          ...json({ name: "Ledger", type: "LEDGER", side: "RIGHT" }),
        ),
    ],
    createExportJob: ["export_jobs", () => anExport()],
    cancelExportJob: [
      "audit_events",
      async () => {
        const { text } = await anExport({ "Idempotency-Key": randomUUID() });
        return post(`/v1/export-jobs/${JSON.parse(text).jobId}/cancel`, "");
      },
    ],
    pushRecords: ["transactions", () => post(recordsPath(), transactionLines(1))],
    createDispute: [
      "disputes",
      async () =>
        post(
          `/v1/exceptions/${await bench().anException()}/disputes`,
          ...json({ category: "OTHER", description: "d" }),
        ),
    ],
    openDispute: ["audit_events", () => act("DRAFT", "open")],
    requestDisputeEvidence: ["audit_events", () => act("OPEN", "request-evidence", { note: "n" })],
    closeDispute: ["audit_events", () => act("OPEN", "close", { won: true, resolution: "r" })],
    reopenDispute: ["audit_events", () => act("LOST", "reopen", { reason: "r" })],
    addDisputeEvidence: [
      "evidence",
      () => act("OPEN", "evidence", { comment: "c", fileUrl: "https://example.com/f" }),
    ],
    uploadDisputeEvidence: [
      "evidence",
      async () =>
        upload(stage(), bench(), await bench().aDispute(), aFile("text/csv", 10), {
          query: "comment=c",
          headers: { "Idempotency-Key": key() },
        }),
    ],
  };

  const anExport = (headers = {}) =>
    post(
      `/v1/contexts/${bench().contextId}/export-jobs`,
      ...json({ reportType: "MATCHED", format: "CSV" }),
      headers,
    );

  const act = async (state: string, action: string, body?: object): Promise<KeyedAnswer> => {
    const path = `/v1/disputes/${await bench().aDispute(state)}/${action}`;
    return body === undefined ? post(path, "") : post(path, ...json(body));
  };

  it("is among these", () => {
    const posts = routes.filter(({ method }) => method === "POST");
    expect(Object.keys(CALLS).toSorted()).toEqual(
      posts.map(({ operationId }) => operationId).toSorted(),
    );
  });

  it.each(Object.keys(CALLS))(
    "%s keeps its answer in the transaction of its effect",
    async (name) => {
      const [table, call] = CALLS[name]!;
      const { status } = await call();
      expect(status).toBeLessThan(300);
      const { pool } = stage().api.context.database;
      // xmin: the transaction that wrote a row.
      const writers = async (from: string, where: string): Promise<string[]> => {
        const { rows } = await bench().inTenant(() =>
          pool.query<{ xmin: string }>(`SELECT xmin::text FROM ${from} WHERE ${where}`),
        );
        return rows.map(({ xmin }) => xmin);
      };
      const [writer] = await writers("idempotency_keys", `key = '${key()}' AND status IS NOT NULL`);
      expect(writer).toBeDefined();
      expect(await writers(table, "true")).toContain(writer);
    },
  );
});
