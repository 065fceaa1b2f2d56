import { randomBytes, randomUUID } from "node:crypto";

import { API_PROGRAM, signToken, startChild, WORKER_PROGRAM } from "@docket/stack";
import {
  createFaultProxy,
  createTestDatabase,
  embeddedStorage,
  type FaultProxy,
} from "@docket/testing";

import { createDocket, type Docket } from "../../src/index.ts";

export { EXPORT } from "./browser-settings.ts";

/** The API and a worker as the processes that run in production, each behind a proxy of the client's. */
export type ClientStage = {
  readonly apiProxy: FaultProxy;
  readonly storeProxy: FaultProxy;
  readonly token: string;
  /** A client that goes through the proxy. */
  readonly docket: Docket;
  /** A client that does not. */
  readonly direct: Docket;
  readonly close: () => Promise<void>;
};

const NO_LIMITS = {
  RATE_LIMIT_PER_MINUTE: "0",
  EXPORT_RATE_LIMIT_PER_MINUTE: "0",
  EXPORT_MAX_ACTIVE_PER_TENANT: "0",
};

export async function createClientStage(): Promise<ClientStage> {
  const [database, queue] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const { storage, config } = await embeddedStorage().create();
  const storeProxy = await createFaultProxy(config.endpoint!);
  const secret = randomBytes(32).toString("hex");
  const shared = {
    DATABASE_URL: database.appUrl,
    QUEUE_URL: queue.ownerUrl,
    S3_ENDPOINT: config.endpoint!,
    S3_PUBLIC_ENDPOINT: storeProxy.through(config.endpoint!),
    S3_REGION: config.region,
    S3_BUCKET: config.bucket,
    S3_ACCESS_KEY_ID: config.accessKeyId!,
    S3_SECRET_ACCESS_KEY: config.secretAccessKey!,
    S3_FORCE_PATH_STYLE: "true",
    JWT_SECRET: secret,
    HOST: "127.0.0.1",
    PORT: "0",
    SECRETS_KEY: randomBytes(32).toString("base64"),
    WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8",
    ...NO_LIMITS,
  };
  const [api, worker] = await Promise.all([
    startChild({ program: API_PROGRAM, readyMessage: "listening", environment: shared }),
    startChild({ program: WORKER_PROGRAM, readyMessage: "ready", environment: shared }),
  ]);
  const address = `http://127.0.0.1:${String(api.ready["port"])}`;
  const apiProxy = await createFaultProxy(address);
  const token = signToken(secret, { tenant: randomUUID(), subject: "tester" });
  return {
    apiProxy,
    storeProxy,
    token,
    docket: createDocket({ baseUrl: apiProxy.through(address), token }),
    direct: createDocket({ baseUrl: address, token }),
    close: async () => {
      await Promise.all([api.stop(), worker.stop()]);
      await Promise.all([apiProxy.close(), storeProxy.close()]);
      await storage.close();
      await Promise.all([database.drop(), queue.drop()]);
    },
  };
}

/** A context with two sources and transactions that are unmatched. */
export async function seedContext(docket: Docket, transactions: number): Promise<string> {
  const { id } = await docket.contexts.create({ name: randomUUID() });
  await docket.sources.create(id, { name: "Bank", type: "BANK", side: "LEFT" });
  await docket.records.push(id, "transactions", transactionsFrom(0, transactions));
  const exception = { source: "Bank", transaction: "0", severity: "LOW", status: "OPEN" };
  await docket.records.push(id, "exceptions", [exception]);
  return id;
}

/** Records of transactions with consecutive numbers. */
export const transactionsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    source: "Bank",
    externalId: String(first + index),
    amount: "1.5",
    currency: "EUR",
    date: "2026-01-15T00:00:00Z",
  }));
