import { randomUUID } from "node:crypto";
import { request as open } from "node:http";
import { gzipSync } from "node:zlib";
import { waitFor } from "@docket/platform/testing";
import { routes } from "../../src/routes/index.ts";
import type { Bench } from "../support/disputes.ts";
import {
  aFile,
  balance,
  balanced,
  createEvidenceStage,
  MIB,
  rawUpload,
  upload,
  type EvidenceStage,
} from "../support/evidence.ts";
import { validToken } from "../support/tokens.ts";

let stage: EvidenceStage;
let bench: Bench;
let key: string;

beforeAll(async () => {
  stage = await createEvidenceStage();
});

beforeEach(async () => {
  bench = await stage.bench();
  key = randomUUID();
});

afterAll(() => stage.close());

type Answer = {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
  readonly code: string | undefined;
};

/** Sends `body` to a path; not by supertest, which would make it wait for nothing. */
async function post(
  path: string,
  body: Buffer | string,
  type = "application/x-ndjson",
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await fetch(`http://127.0.0.1:${stage.port}${path}`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${validToken({ tenant_id: bench.tenantId })}`,
      "Idempotency-Key": key,
      ...(body.length > 0 && { "Content-Type": type }),
      ...headers,
    },
    ...(body.length > 0 && { body }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    text,
    replayed: answer.headers.get("idempotency-replayed") === "true",
    code: (JSON.parse(text) as { code?: string }).code,
  };
}

const json = (body: object): [string, string] => [JSON.stringify(body), "application/json"];

const recordsPath = (): string => `/v1/contexts/${bench.contextId}/records/transactions`;

const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      source: "Bank",
      externalId: `T${n}`,
      amount: "1.50",
      currency: "EUR",
      date: "2026-03-01",
    }),
  ).join("\n");

const transactions = (): Promise<number> =>
  bench.inTenant(async () => stage.api.context.database.prisma.transaction.count());

const keys = () =>
  bench.inTenant(async () => stage.api.context.database.prisma.idempotencyKey.findMany());

describe("a load of records with an idempotency key", () => {
  it("is applied once, and hashed the second time", async () => {
    const first = await post(recordsPath(), lines(5_000));
    expect(first).toMatchObject({ status: 200, replayed: false });
    const again = await post(recordsPath(), lines(5_000));
    expect(again).toMatchObject({ status: 200, replayed: true, text: first.text });
    expect(JSON.parse(again.text)).toMatchObject({ inserted: 5_000 });
    expect(await transactions()).toBe(5_000);
  });

  it("is another request with a byte more, another type or another encoding", async () => {
    await post(recordsPath(), lines(3));
    expect(await post(recordsPath(), `${lines(3)}\n`)).toMatchObject({ status: 422 });
    expect(await post(recordsPath(), lines(3), "application/ndjson")).toMatchObject({
      status: 422,
      code: "idempotency_key_reused",
    });
    const packed = await post(recordsPath(), gzipSync(lines(3)), undefined, {
      "Content-Encoding": "gzip",
    });
    expect(packed.code).toBe("idempotency_key_reused");
    expect(await transactions()).toBe(3);
  });

  it("is hashed as it was sent when it is packed, with what stands behind its end", async () => {
    const packed = Buffer.concat([gzipSync(lines(10)), Buffer.alloc(1_000)]);
    const send = () => post(recordsPath(), packed, undefined, { "Content-Encoding": "gzip" });
    const first = await send();
    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(await send()).toMatchObject({ status: 200, replayed: true, text: first.text });
  });

  it("leaves the key free when a line is at fault", async () => {
    expect((await post(recordsPath(), `${lines(2)}\n{}`)).code).toBe("invalid_records");
    expect(await keys()).toEqual([]);
    expect(await post(recordsPath(), lines(2))).toMatchObject({ status: 200, replayed: false });
  });

  it("holds the key while it is sent, and frees it when the caller goes away", async () => {
    const sent = open({
      port: stage.port,
      method: "POST",
      path: recordsPath(),
      headers: {
        Authorization: `Bearer ${validToken({ tenant_id: bench.tenantId })}`,
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": key,
      },
    });
    sent.on("error", () => undefined);
    sent.write(lines(3));
    await waitFor(async () => (await keys()).length === 1);
    expect((await post(recordsPath(), lines(3))).code).toBe("idempotency_key_in_use");
    sent.destroy();
    await waitFor(async () => (await keys()).length === 0);
    expect(await post(recordsPath(), lines(3))).toMatchObject({ status: 200, replayed: false });
  });

  it("of many at once is applied once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => post(recordsPath(), lines(500))),
    );
    const done = answers.filter(({ status }) => status === 200);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ replayed, status }) => status === 200 && !replayed)).toHaveLength(1);
    for (const { status, code } of answers)
      if (status !== 200) expect(code).toBe("idempotency_key_in_use");
    expect(await transactions()).toBe(500);
  });
});

describe("an upload with an idempotency key", () => {
  const send = (id: string, file: Buffer, chunked = false, query = "comment=c") =>
    upload(stage, bench, id, file, { headers: { "Idempotency-Key": key }, chunked, query });

  it.each([false, true])("is stored once, chunked: %s", async (chunked) => {
    const id = await bench.aDispute();
    const file = aFile("text/csv", MIB);
    const first = await send(id, file, chunked).expect(201);
    const again = await send(id, file, !chunked).expect(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({
      "idempotency-replayed": "true",
      etag: first.headers["etag"],
    });
    expect(await balance(stage.storage, bench)).toEqual(balanced(1));
  });

  it("is given its answer again although the dispute is closed by now", async () => {
    const id = await bench.aDispute();
    const file = aFile("text/csv", 1_000);
    const first = await send(id, file).expect(201);
    await bench
      .send("post", `/v1/disputes/${id}/close`, { won: true, resolution: "r" })
      .expect(200);
    expect((await send(id, file).expect(201)).body).toEqual(first.body);
  });

  it("is another one with another comment or another byte", async () => {
    const id = await bench.aDispute();
    const file = aFile("text/csv", 1_000);
    await send(id, file).expect(201);
    await send(id, file, false, "comment=d").expect(422);
    file[999] = 0x62;
    await send(id, file).expect(422);
    expect(await balance(stage.storage, bench)).toEqual(balanced(1));
  });

  it("leaves the key free when it breaks off or is refused, and nothing behind", async () => {
    const id = await bench.aDispute();
    const { sent } = rawUpload(stage, bench, id, {
      "Idempotency-Key": key,
      "Content-Length": "5000",
    });
    sent.write(aFile("text/csv", 3_000));
    await waitFor(async () => (await keys()).length === 1);
    sent.destroy();
    await waitFor(async () => (await keys()).length === 0);
    await upload(stage, bench, id, Buffer.from("no pdf"), {
      type: "application/pdf",
      query: "comment=c",
      headers: { "Idempotency-Key": key },
    }).expect(415);
    expect(await keys()).toEqual([]);
    await send(id, aFile("text/csv", 100)).expect(201);
    expect(await balance(stage.storage, bench)).toEqual(balanced(1));
  });
});

describe("every POST", () => {
  /** How to do each, and the table in which its effect is seen. */
  const CALLS: Readonly<
    Record<string, readonly [string, () => Promise<Answer | { status: number }>]>
  > = {
    createContext: ["contexts", () => post("/v1/contexts", ...json({ name: "second" }))],
    createSource: [
      "sources",
      () =>
        post(
          `/v1/contexts/${bench.contextId}/sources`,
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
    pushRecords: ["transactions", () => post(recordsPath(), lines(1))],
    createDispute: [
      "disputes",
      async () =>
        post(
          `/v1/exceptions/${await bench.anException()}/disputes`,
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
        upload(stage, bench, await bench.aDispute(), aFile("text/csv", 10), {
          query: "comment=c",
          headers: { "Idempotency-Key": key },
        }),
    ],
  };

  const anExport = (headers = {}) =>
    post(
      `/v1/contexts/${bench.contextId}/export-jobs`,
      ...json({ reportType: "MATCHED", format: "CSV" }),
      headers,
    );

  const act = async (state: string, action: string, body?: object): Promise<Answer> => {
    const path = `/v1/disputes/${await bench.aDispute(state)}/${action}`;
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
      const { pool } = stage.api.context.database;
      // xmin: the transaction that wrote a row.
      const writers = async (from: string, where: string): Promise<string[]> => {
        const { rows } = await bench.inTenant(() =>
          pool.query<{ xmin: string }>(`SELECT xmin::text FROM ${from} WHERE ${where}`),
        );
        return rows.map(({ xmin }) => xmin);
      };
      const [writer] = await writers("idempotency_keys", `key = '${key}' AND status IS NOT NULL`);
      expect(writer).toBeDefined();
      expect(await writers(table, "true")).toContain(writer);
    },
  );
});
