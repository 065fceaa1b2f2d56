import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { createDocket, type Docket } from "../src/index.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const TYPES = "packages/client/src/generated/api-types.ts";
const DOCUMENT = "node --import tsx --conditions=@docket/source apps/api/src/openapi/main.ts";
const GENERATE = "node packages/client/generate-types.mjs";

/** Calls that take an ID get this one. */
const ID = "00000000-0000-7000-8000-000000000001";
const KIND = "transactions";

type Operation = { readonly operationId: string };
type OpenApi = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

let text: string;

beforeAll(async () => {
  const options = { cwd: ROOT, maxBuffer: 10_000_000 };
  ({ stdout: text } = await run("bash", ["-c", DOCUMENT], options));
});

const first = async (items: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of items) return;
};
const collect = async ({ stream }: { readonly stream: ReadableStream }): Promise<unknown> =>
  new Response(stream).text();

/** A call of each operation of the API that a program has a use for. */
const CALLS: Readonly<Record<string, (docket: Docket) => unknown>> = {
  createContext: ({ contexts }) => contexts.create({ name: "x" }),
  getContext: ({ contexts }) => contexts.get(ID),
  listContexts: ({ contexts }) => first(contexts.list()),
  getContextSummary: ({ contexts }) => contexts.summary(ID),
  createSource: ({ sources }) => sources.create(ID, { name: "x", type: "BANK", side: "LEFT" }),
  listSources: ({ sources }) => first(sources.list(ID)),
  pushRecords: ({ records }) => records.pushFile(ID, KIND, "", { contentType: "text/csv" }),
  listTransactions: ({ transactions }) => first(transactions.list(ID)),
  createExportJob: ({ exportJobs }) => exportJobs.create(ID, { reportType: "x", format: "CSV" }),
  estimateExportJob: ({ exportJobs }) => exportJobs.estimate(ID, { reportType: "x", format: "x" }),
  getExportJob: ({ exportJobs }) => exportJobs.get(ID),
  listExportJobs: ({ exportJobs }) => first(exportJobs.list()),
  cancelExportJob: ({ exportJobs }) => exportJobs.cancel(ID),
  downloadExportJob: ({ exportJobs }) => exportJobs.download(ID),
  getException: ({ exceptions }) => exceptions.get(ID),
  listExceptions: ({ exceptions }) => first(exceptions.list()),
  getExceptionHistory: ({ exceptions }) => first(exceptions.history(ID)),
  updateException: ({ exceptions }) => exceptions.update(ID, { assignedTo: null }),
  resolveException: ({ exceptions }) =>
    exceptions.resolve(ID, { resolutionType: "x", resolutionNotes: "x" }),
  reopenException: ({ exceptions }) => exceptions.reopen(ID, { reason: "x" }),
  changeExceptions: ({ exceptions }) =>
    exceptions.bulk({ exceptionIds: [ID], action: "assign", assignedTo: null, remark: "x" }),
  createDispute: ({ disputes }) => disputes.create(ID, { category: "OTHER", description: "x" }),
  getDispute: ({ disputes }) => disputes.get(ID),
  listDisputes: ({ disputes }) => first(disputes.list()),
  getDisputeHistory: ({ disputes }) => first(disputes.history(ID)),
  updateDispute: ({ disputes }) => disputes.update(ID, { assignedTo: null }),
  openDispute: ({ disputes }) => disputes.open(ID),
  requestDisputeEvidence: ({ disputes }) => disputes.requestEvidence(ID, { note: "x" }),
  addDisputeNote: ({ disputes }) => disputes.addNote(ID, { note: "x" }),
  closeDispute: ({ disputes }) => disputes.close(ID, { won: false, resolution: "x" }),
  reopenDispute: ({ disputes }) => disputes.reopen(ID, { reason: "x" }),
  archiveDispute: async ({ disputes }) => collect(await disputes.archive(ID)),
  addDisputeEvidence: ({ evidence }) =>
    evidence.add(ID, { comment: "x", fileUrl: "https://a.example" }),
  uploadDisputeEvidence: ({ evidence }) =>
    evidence.upload(ID, "x", { comment: "x", contentType: "text/csv" }),
  downloadDisputeEvidence: ({ evidence }) => evidence.download(ID, ID),
  listEvents: ({ events }) => events.page(),
  getEventHead: ({ events }) => events.head(),
  streamEvents: ({ events }) => first(events.follow({ after: 0 })),
  createWebhookEndpoint: ({ webhookEndpoints }) =>
    webhookEndpoints.create({ url: "https://a.example" }),
  getWebhookEndpoint: ({ webhookEndpoints }) => webhookEndpoints.get(ID),
  listWebhookEndpoints: ({ webhookEndpoints }) => first(webhookEndpoints.list()),
  updateWebhookEndpoint: ({ webhookEndpoints }) => webhookEndpoints.update(ID, { enabled: true }),
  deleteWebhookEndpoint: ({ webhookEndpoints }) => webhookEndpoints.delete(ID),
  rotateWebhookSecret: ({ webhookEndpoints }) => webhookEndpoints.rotateSecret(ID),
  testWebhookEndpoint: ({ webhookEndpoints }) => webhookEndpoints.test(ID),
  recoverWebhookEndpoint: ({ webhookEndpoints }) =>
    webhookEndpoints.recover(ID, { since: "2026-01-01T00:00:00Z" }),
  listWebhookDeliveries: ({ webhookDeliveries }) => first(webhookDeliveries.list(ID)),
  resendWebhookDelivery: ({ webhookDeliveries }) => webhookDeliveries.resend(ID),
};

/** For machines and people, or the same as another operation. */
const NOT_CALLED = ["getHealth", "getReadiness", "getOpenApiDocument", "listContextExportJobs"];

test("every operation of the API can be called, with its method and path", async () => {
  const { paths } = JSON.parse(text) as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      operationId,
      request: `${method.toUpperCase()} ${path.replace("{kind}", KIND).replaceAll(/\{\w+\}/g, ID)}`,
    })),
  );
  const wanted = operations.filter(({ operationId }) => !NOT_CALLED.includes(operationId));
  expect(Object.keys(CALLS).toSorted()).toEqual(wanted.map((each) => each.operationId).toSorted());
  for (const { operationId, request } of wanted) {
    const sent: string[] = [];
    const fetch: typeof globalThis.fetch = async (url, init) => {
      sent.push(`${init!.method} ${new URL(url).pathname}`);
      return new Response("{}", { status: 404 });
    };
    const docket = createDocket({ baseUrl: "http://a.example", token: "t", fetch, maxRetries: 0 });
    // The answer is of no use to the call, which has been sent.
    await Promise.resolve(CALLS[operationId]!(docket)).catch(() => undefined);
    expect({ operationId, sent: sent[0] }).toEqual({ operationId, sent: request });
  }
});

test("the committed types are those of the OpenAPI document; npm run client-types updates them", async () => {
  const generating = run("bash", ["-c", GENERATE], { cwd: ROOT, maxBuffer: 10_000_000 });
  generating.child.stdin!.end(text);
  expect((await generating).stdout).toBe(await readFile(`${ROOT}${TYPES}`, "utf8"));
});
