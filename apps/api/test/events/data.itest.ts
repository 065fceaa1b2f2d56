import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import {
  claimExportJob,
  failExportJob,
  registerObject,
  retryExportJob,
  succeedExportJob,
  expireExportJob,
} from "@docket/platform/rows";
import { readFeed, type EventBody } from "../support/events.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const get = async (path: string): Promise<Record<string, unknown>> =>
  (await suite.tenant.send("get", path).expect(200)).body as Record<string, unknown>;

/** The last event, which must be about the resource at `path`, and show it as its GET does. */
async function expectLast(type: string, path: string, more: object = {}): Promise<EventBody> {
  const event = (await readFeed(suite.tenant)).at(-1)!;
  const { evidence, ...shown } = await get(path);
  const count = Array.isArray(evidence) ? { evidenceCount: evidence.length } : {};
  expect(event).toMatchObject({ type, subject: path });
  expect(event.data).toEqual({ ...shown, ...count, ...more });
  return event;
}

it("of a change of an export job is the job as its GET shows it", async () => {
  const { tenantId } = suite.tenant;
  const { database } = suite.stage.context;
  const run = <T>(work: () => Promise<T>): Promise<T> => withTenant(tenantId, work);
  const zoned = { timeZone: "Europe/Berlin", columns: ["amount", "currency"] };
  const create = () =>
    suite.tenant.anExport({
      reportType: "UNMATCHED",
      format: "CSV",
      compression: "GZIP",
      ...zoned,
    });
  const id = await create();
  const path = `/v1/export-jobs/${id}`;
  await expectLast("export-job.created", path);
  const claim = () => run(() => claimExportJob(database.prisma, id));
  const first = await claim();
  await expectLast("export-job.started", path);
  await run(() => retryExportJob(database.prisma, first!, 0));
  await expectLast("export-job.retried", path);
  const second = await claim();
  const key = `${tenantId}/exports/${id}`;
  await run(() => registerObject(database.prisma, { key, owner: { kind: "export-job", id } }));
  const file = {
    recordsWritten: 12_345_678_901,
    recordsExpected: 12_345_678_901,
    bytesWritten: 7,
    sha256: "ab".repeat(32),
    contentSha256: "cd".repeat(32),
    asOf: new Date("2026-02-01T00:00:00.120Z"),
    fileName: 'a"b.csv.gz',
    objectKey: key,
  };
  await run(() => succeedExportJob(database, second!, file, 7));
  await expectLast("export-job.succeeded", path);
  await suite.tenant.send("get", `${path}/download`).expect(200);
  await expectLast("export-job.downloaded", path);
  await run(() => expireExportJob(database, id, async () => undefined));
  await expectLast("export-job.expired", path);

  const canceled = await create();
  await suite.tenant.send("post", `/v1/export-jobs/${canceled}/cancel`).expect(200);
  await expectLast("export-job.canceled", `/v1/export-jobs/${canceled}`);
  const failed = await create();
  const third = await run(() => claimExportJob(database.prisma, failed));
  await run(() => failExportJob(database.prisma, third!, { code: "x", message: "It failed." }));
  await expectLast("export-job.failed", `/v1/export-jobs/${failed}`);
});

it("of a change of a dispute is the dispute, with the number of its evidence", async () => {
  const { id } = await suite.tenant.createDispute({
    draft: true,
    respondBy: "2020-01-01T00:00:00Z",
  });
  const path = `/v1/disputes/${id}`;
  const act = (action: string, body: object, status = 200) =>
    suite.tenant.send("post", `${path}/${action}`, body).expect(status);
  await expectLast("dispute.created", path);
  await suite.tenant.send("patch", path, { assignedTo: "carol" }).expect(200);
  await expectLast("dispute.updated", path);
  await act("open", {});
  await expectLast("dispute.opened", path);
  await act("request-evidence", { note: "please" });
  await expectLast("dispute.evidence-requested", path);
  await act("evidence", { comment: "c", fileUrl: "https://a/b", kind: "RECEIPT" });
  const { evidence } = (await get(path)) as { evidence: [{ id: string }] };
  await expectLast("dispute.evidence-added", path, { evidenceId: evidence[0].id });
  await act("notes", { note: "n" }, 201);
  await expectLast("dispute.note-added", path);
  await act("close", { won: false, resolution: "r" });
  await expectLast("dispute.lost", path);
  await act("reopen", { reason: "r" });
  await expectLast("dispute.reopened", path);
  await act("close", { won: true, resolution: "r" });
  await expectLast("dispute.won", path);
  await suite.tenant.send("get", `${path}/archive`).expect(200);
  await expectLast("dispute.archived", path);
});

it("of a change of an exception is the exception, also in a bulk action", async () => {
  const [one, two] = await suite.tenant.addExceptions([{}, { dueAt: new Date("2020-01-01") }]);
  const path = `/v1/exceptions/${one!}`;
  await suite.tenant.send("patch", path, { assignedTo: "bob" }).expect(200);
  await expectLast("exception.updated", path);
  await suite.tenant.createDispute({}, one);
  const resolution = { resolutionType: "t", resolutionNotes: "n" };
  await suite.tenant.send("post", `${path}/resolve`, resolution).expect(200);
  await expectLast("exception.resolved", path);
  await suite.tenant.send("post", `${path}/reopen`, { reason: "r" }).expect(200);
  await expectLast("exception.reopened", path);
  const body = { exceptionIds: [one, two], action: "assign", assignedTo: "eve", remark: "r" };
  await suite.tenant.send("post", "/v1/exceptions/bulk", body).expect(200);
  await expectLast("exception.updated", `/v1/exceptions/${two!}`);
});

it("of a context, a source and an ingest has the path of the context", async () => {
  const contextId = await suite.tenant.caller.aContext();
  const path = `/v1/contexts/${contextId}`;
  await expectLast("context.created", path);
  await suite.tenant.caller.aSource(contextId, "Bank");
  const { items } = (await get(`${path}/sources`)) as { items: [object] };
  expect((await readFeed(suite.tenant)).at(-1)).toMatchObject({
    type: "source.created",
    subject: path,
    data: items[0],
  });
  const line = {
    source: "Bank",
    externalId: randomUUID(),
    amount: "1.00",
    currency: "EUR",
    date: "2026-01-01T00:00:00Z",
  };
  const answer = await suite.tenant.push([`${JSON.stringify(line)}\n`], { context: contextId });
  expect(answer.status).toBe(200);
  expect((await readFeed(suite.tenant)).at(-1)).toMatchObject({
    type: "records.ingested",
    subject: path,
    actor: "alice",
    data: { contextId, kind: "transactions", received: 1, inserted: 1, updated: 0, unchanged: 0 },
  });
});
