import { randomUUID } from "node:crypto";
import { routes } from "../../../src/routes.ts";
import { aFile, upload } from "../../support/evidence.ts";
import { transactionLines, useKey, type KeyedAnswer } from "../../support/keyed.ts";
import { useStage } from "../../support/use-stage.ts";

const suite = useStage();
const { key, send } = useKey(suite);

const sendJson = (path: string, body: object, options: { method?: string; headers?: {} } = {}) =>
  send(path, JSON.stringify(body), { type: "application/json", ...options });

const createExport = (headers = {}) => {
  const path = `/v1/contexts/${suite.tenant.contextId}/export-jobs`;
  return sendJson(path, { reportType: "MATCHED", format: "CSV" }, { headers });
};

const act = async (state: string, action: string, body?: object): Promise<KeyedAnswer> => {
  const path = `/v1/disputes/${await suite.tenant.aDispute(state)}/${action}`;
  return body === undefined ? send(path, "") : sendJson(path, body);
};

const WEBHOOK = { url: "https://example.com/hook" };

type Write = {
  readonly call: () => Promise<KeyedAnswer | { readonly status: number }>;
  /** The table of its effect. */
  readonly table: string;
};

const WRITES: Readonly<Record<string, Write>> = {
  createContext: { table: "contexts", call: () => sendJson("/v1/contexts", { name: "second" }) },
  createSource: {
    table: "sources",
    call: () =>
      sendJson(`/v1/contexts/${suite.tenant.contextId}/sources`, {
        name: "Ledger",
        type: "LEDGER",
        side: "RIGHT",
      }),
  },
  createExportJob: { table: "export_jobs", call: () => createExport() },
  cancelExportJob: {
    table: "audit_events",
    call: async () => {
      const { text } = await createExport({ "Idempotency-Key": randomUUID() });
      return send(`/v1/export-jobs/${JSON.parse(text).jobId}/cancel`, "");
    },
  },
  pushRecords: {
    table: "transactions",
    call: () =>
      send(`/v1/contexts/${suite.tenant.contextId}/records/transactions`, transactionLines(1)),
  },
  createDispute: {
    table: "disputes",
    call: async () =>
      sendJson(`/v1/exceptions/${await suite.tenant.anException()}/disputes`, {
        category: "OTHER",
        description: "d",
      }),
  },
  changeExceptions: {
    table: "exception_events",
    call: async () =>
      sendJson("/v1/exceptions/bulk", {
        exceptionIds: [await suite.tenant.anException()],
        action: "assign",
        assignedTo: "kim",
        remark: "r",
      }),
  },
  updateException: {
    table: "exception_events",
    call: async () => {
      const path = `/v1/exceptions/${await suite.tenant.anException()}`;
      return sendJson(path, { severity: "LOW" }, { method: "PATCH" });
    },
  },
  resolveException: {
    table: "exception_events",
    call: async () =>
      sendJson(`/v1/exceptions/${await suite.tenant.anException()}/resolve`, {
        resolutionType: "REFUND",
        resolutionNotes: "n",
      }),
  },
  reopenException: {
    table: "exception_events",
    call: async () => {
      const id = await suite.tenant.anException({ status: "RESOLVED" });
      return sendJson(`/v1/exceptions/${id}/reopen`, { reason: "r" });
    },
  },
  updateDispute: {
    table: "audit_events",
    call: async () => {
      const path = `/v1/disputes/${await suite.tenant.aDispute("DRAFT")}`;
      return sendJson(path, { description: "d" }, { method: "PATCH" });
    },
  },
  addDisputeNote: { table: "dispute_events", call: () => act("WON", "notes", { note: "n" }) },
  openDispute: { table: "audit_events", call: () => act("DRAFT", "open") },
  requestDisputeEvidence: {
    table: "audit_events",
    call: () => act("OPEN", "request-evidence", { note: "n" }),
  },
  closeDispute: {
    table: "audit_events",
    call: () => act("OPEN", "close", { won: true, resolution: "r" }),
  },
  reopenDispute: { table: "audit_events", call: () => act("LOST", "reopen", { reason: "r" }) },
  addDisputeEvidence: {
    table: "evidence",
    call: () => act("OPEN", "evidence", { comment: "c", fileUrl: "https://example.com/f" }),
  },
  uploadDisputeEvidence: {
    table: "evidence",
    call: async () =>
      upload(suite.tenant, await suite.tenant.aDispute(), aFile("text/csv", 10), {
        query: "comment=c",
        headers: { "Idempotency-Key": key() },
      }),
  },
  createWebhookEndpoint: {
    table: "webhook_endpoints",
    call: () => sendJson("/v1/webhook-endpoints", WEBHOOK),
  },
  updateWebhookEndpoint: {
    table: "webhook_endpoints",
    call: () => onEndpoint("", { description: "d" }, "PATCH"),
  },
  deleteWebhookEndpoint: {
    table: "webhook_endpoints",
    call: () => onEndpoint("", undefined, "DELETE"),
  },
  rotateWebhookSecret: {
    table: "webhook_endpoints",
    call: () => onEndpoint("/rotate-secret", { graceSeconds: 0 }),
  },
  testWebhookEndpoint: { table: "audit_events", call: () => onEndpoint("/test") },
  recoverWebhookEndpoint: {
    table: "webhook_deliveries",
    call: async () => {
      const delivery = await aDelivery();
      return sendJson(`/v1/webhook-endpoints/${delivery.endpointId}/recover`, {
        since: "2026-01-01T00:00:00Z",
      });
    },
  },
  resendWebhookDelivery: {
    table: "webhook_deliveries",
    call: async () => send(`/v1/webhook-deliveries/${(await aDelivery()).id}/resend`, ""),
  },
};

/** A delivery that has failed. */
async function aDelivery(): Promise<{ readonly id: string; readonly endpointId: string }> {
  const { tenantId, inTenant } = suite.tenant;
  return inTenant(async () => {
    const { prisma } = suite.stage.context.database;
    const owned = { tenantId, url: "https://example.com/", types: ["dispute.*"], secrets: [] };
    const { id: endpointId } = await prisma.webhookEndpoint.create({ data: owned });
    const event = { eventId: randomUUID(), seq: 1, type: "dispute.won", eventAt: new Date() };
    return prisma.webhookDelivery.create({
      data: { tenantId, endpointId, ...event, status: "FAILED", nextAttemptAt: null },
    });
  });
}

/** Calls a route of a new webhook endpoint. */
async function onEndpoint(action: string, body?: object, method = "POST"): Promise<KeyedAnswer> {
  const { text } = await sendJson("/v1/webhook-endpoints", WEBHOOK, {
    headers: { "Idempotency-Key": randomUUID() },
  });
  const path = `/v1/webhook-endpoints/${JSON.parse(text).id}${action}`;
  return body === undefined ? send(path, "", { method }) : sendJson(path, body, { method });
}

/** The transactions that wrote rows. */
async function writersOf(table: string, where: string): Promise<string[]> {
  const { pool } = suite.stage.context.database;
  const { rows } = await suite.tenant.inTenant(() =>
    pool.query<{ xmin: string }>(`SELECT xmin::text FROM ${table} WHERE ${where}`),
  );
  return rows.map(({ xmin }) => xmin);
}

describe("every write", () => {
  it("is covered by these tests", () => {
    // An estimate has no effect.
    const writes = routes.filter(
      ({ method, operationId }) => method !== "GET" && operationId !== "estimateExportJob",
    );
    expect(Object.keys(WRITES).toSorted()).toEqual(
      writes.map(({ operationId }) => operationId).toSorted(),
    );
  });

  it.each(Object.entries(WRITES))(
    "stores its response in the transaction of its effect: %s",
    async (_name, { call, table }) => {
      const { status } = await call();
      expect(status).toBeLessThan(300);
      const stored = `key = '${key()}' AND status IS NOT NULL`;
      const [writer] = await writersOf("idempotency_keys", stored);
      expect(writer).toBeDefined();
      expect(await writersOf(table, "true")).toContain(writer);
    },
  );
});
