import { randomBytes, randomUUID } from "node:crypto";

import { createDocket, type Docket } from "@docket/client";
import { API_PROGRAM, signToken, startChild, WORKER_PROGRAM, type Child } from "@docket/stack";
import { createTestDatabase, embeddedStorage } from "@docket/testing";

type TokenOptions = Parameters<typeof signToken>[1];

/** The API, which serves the console, and a worker as the processes that run in production. */
export type ConsoleStage = {
  readonly address: string;
  readonly docket: Docket;
  readonly tenant: string;
  /** A token of the stage's tenant. Default: all permissions, of ada. */
  readonly token: (permissions?: readonly string[], subject?: string) => string;
  /** A token with other claims. */
  readonly sign: (claims: Partial<TokenOptions>) => string;
  /** The object store's URL. */
  readonly storeEndpoint: string;
  /** Starts a further worker. `environment` replaces settings of the stage. */
  readonly startWorker: (environment?: Readonly<Record<string, string>>) => Promise<Child>;
  /** All workers that were started. */
  readonly workers: readonly Child[];
  readonly close: () => Promise<void>;
};

/** The programs must have been built. */
export async function createConsoleStage(
  environment: Readonly<Record<string, string>> = {},
): Promise<ConsoleStage> {
  const [database, queue] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const { storage, config } = await embeddedStorage().create();
  const secret = randomBytes(32).toString("hex");
  const shared = {
    DATABASE_URL: database.appUrl,
    QUEUE_URL: queue.ownerUrl,
    S3_ENDPOINT: config.endpoint!,
    S3_REGION: config.region,
    S3_BUCKET: config.bucket,
    S3_ACCESS_KEY_ID: config.accessKeyId!,
    S3_SECRET_ACCESS_KEY: config.secretAccessKey!,
    S3_FORCE_PATH_STYLE: "true",
    SECRETS_KEY: randomBytes(32).toString("base64"),
    WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8",
    JWT_SECRET: secret,
    CONSOLE_TOKEN_LINKS: "on",
    HOST: "127.0.0.1",
    PORT: "0",
    RATE_LIMIT_PER_MINUTE: "0",
    EXPORT_RATE_LIMIT_PER_MINUTE: "0",
    ...environment,
  };
  const tenant = randomUUID();
  const workers: Child[] = [];
  const startWorker: ConsoleStage["startWorker"] = async (own = {}) => {
    const worker = await startChild({
      program: WORKER_PROGRAM,
      readyMessage: "ready",
      environment: { ...shared, ...own },
    });
    workers.push(worker);
    return worker;
  };
  const [api] = await Promise.all([
    startChild({ program: API_PROGRAM, readyMessage: "listening", environment: shared }),
    startWorker(),
  ]);
  const address = `http://127.0.0.1:${String(api.ready["port"])}`;
  const sign = (claims: Partial<TokenOptions>): string =>
    signToken(secret, { tenant, subject: "ada", ...claims });
  const token = (permissions?: readonly string[], subject = "ada"): string =>
    sign({ subject, ...(permissions && { permissions }) });
  return {
    address,
    docket: createDocket({ baseUrl: address, token: token() }),
    tenant,
    token,
    sign,
    storeEndpoint: config.endpoint!,
    startWorker,
    workers,
    close: async () => {
      await Promise.all([api.stop(), ...workers.map((each) => each.stop())]);
      await storage.close();
      await Promise.all([database.drop(), queue.drop()]);
    },
  };
}
