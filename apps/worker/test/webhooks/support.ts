import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createLifetime, createSealer, type Lifetime } from "@docket/platform";
import { withTenant } from "@docket/platform/database";
import {
  addWebhookEndpoint,
  createSequencer,
  recordEvent,
  webhookSecretPurpose,
  type WebhookEndpointFields,
} from "@docket/platform/rows";
import { createDatabaseStage } from "@docket/testing";
import { pino } from "pino";
import type { WorkerContext } from "../../src/context.ts";
import { createWorkerMetrics } from "../../src/metrics.ts";
import { createWebhookDatabase } from "../../src/webhooks/database.ts";
import { startWebhooks } from "../../src/webhooks/start.ts";

/** A request that a receiver got. */
export type Received = {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { readonly type: string; readonly seq: number; readonly data: unknown };
  readonly at: number;
};

/** A receiver of webhooks on loopback. `respond` may be replaced; default: 204. */
export async function createReceiver() {
  const received: Received[] = [];
  const receiver = {
    received,
    url: "",
    respond: (response: ServerResponse, _got: Received): void => {
      response.writeHead(204).end();
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const { headers } = request;
      const got = { headers, text, body: JSON.parse(text) as Received["body"], at: Date.now() };
      received.push(got);
      receiver.respond(response, got);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?a=b`;
  return receiver;
}

/** Eight attempts take 0.3 s. */
const RETRY_BASE_MS = 0.01;

const ALLOWED = ["127.0.0.0/8"];

/** A database, and workers that deliver from it to loopback. */
export async function createWebhookStage() {
  const stage = await createDatabaseStage({ poolSize: 16 });
  const { database, test } = stage;
  const webhookDatabase = createWebhookDatabase(test.appUrl);
  const logger = pino({ level: "silent" });
  const keys = [randomBytes(32)];
  const sealer = createSealer(keys);
  const by = { actor: "tester", requestId: "r" };

  return {
    ...stage,
    /** The connections of a worker's webhooks. */
    webhookDatabase,
    close: async () => {
      await webhookDatabase.close();
      await stage.close();
    },
    /** A worker's delivery, with the sequencer. Ends it with `close`. */
    startWorker: (): Lifetime => {
      const lifetime = createLifetime(logger);
      const context = {
        config: {
          databaseUrl: test.appUrl,
          queueUrl: test.ownerUrl,
          webhooks: { secretsKeys: keys, allowedNetworks: ALLOWED, retryBaseMs: RETRY_BASE_MS },
        },
        logger,
        metrics: createWorkerMetrics(),
        database,
      } as unknown as WorkerContext;
      const onNumbered = startWebhooks(context, lifetime);
      const sequencer = createSequencer({ pool: database.pool, logger, onNumbered });
      lifetime.onClose("sequencer", sequencer.close);
      sequencer.start();
      return lifetime;
    },
    /** Adds an endpoint, and returns its id and its secret. */
    endpoint: async (tenantId: string, fields: Partial<WebhookEndpointFields>) => {
      const secret = `whsec_${randomBytes(32).toString("base64")}`;
      const all = {
        url: "",
        description: null,
        types: ["context.*", "webhook.*"],
        enabled: true,
        maxInFlight: 1,
        ...fields,
      };
      const sealed = sealer.seal(secret, webhookSecretPurpose(tenantId));
      const { id } = await withTenant(tenantId, () =>
        database.transaction((tx) => addWebhookEndpoint(tx, by, all, { sealed, until: null })),
      );
      return { id, secret };
    },
    /** Commits `count` events of type context.created. */
    emit: async (tenantId: string, count: number, type = "context.created" as const) => {
      for (let n = 0; n < count; n += 1) {
        await withTenant(tenantId, () =>
          database.transaction((tx) =>
            recordEvent(tx, by, { type, subject: `/v1/contexts/${randomUUID()}`, data: { n } }),
          ),
        );
      }
    },
    deliveries: (tenantId: string) =>
      withTenant(tenantId, async () =>
        database.prisma.webhookDelivery.findMany({ orderBy: { seq: "asc" } }),
      ),
    endpointRow: (tenantId: string, id: string) =>
      withTenant(tenantId, async () =>
        database.prisma.webhookEndpoint.findFirstOrThrow({ where: { id } }),
      ),
  };
}

export type WebhookStage = Awaited<ReturnType<typeof createWebhookStage>>;
