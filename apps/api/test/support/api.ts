import { randomUUID } from "node:crypto";
import { createLifetime, createLogger } from "@docket/platform";
import { createTestDatabase, type TestDatabase } from "@docket/testing";
import type { RequestListener } from "node:http";
import request from "supertest";
import { createContext, type ApiConfig, type ApiContext } from "../../src/index.ts";
import { createCheckedApp } from "./checked-app.ts";
import { SECRET, validToken, type Claims } from "./tokens.ts";

/** A store to which nothing is ever sent: links are signed without it. */
export const STORAGE: NonNullable<ApiConfig["storage"]> = {
  endpoint: "http://127.0.0.1:9",
  region: "us-east-1",
  bucket: "docket",
  accessKeyId: "key",
  secretAccessKey: "secret",
  forcePathStyle: true,
};

export type TestApi = {
  readonly app: RequestListener;
  readonly context: ApiContext;
  readonly test: TestDatabase;
  /** A caller with all permissions, of a tenant of their own unless told. */
  readonly caller: (claims?: Claims) => Caller;
  readonly close: () => Promise<void>;
};

/** Sends requests with one token. */
export type Caller = {
  readonly tenantId: string;
  readonly get: (path: string) => request.Test;
  readonly post: (path: string, body?: object) => request.Test;
  /** Creates a context and returns its id. */
  readonly aContext: (name?: string) => Promise<string>;
  /** Creates a source and returns its id. */
  readonly aSource: (contextId: string, name?: string) => Promise<string>;
};

/** An API on a database of its own. `changes` may send it to places that do not answer. */
export async function createApi(changes: Partial<ApiConfig> = {}): Promise<TestApi> {
  const test = await createTestDatabase();
  const config: ApiConfig = {
    databaseUrl: test.appUrl,
    poolSize: 5,
    queueUrl: test.ownerUrl,
    storage: STORAGE,
    logLevel: "silent",
    port: 0,
    token: { keys: { secret: SECRET } },
    corsOrigins: [],
    exportMaxSpanDays: 365,
    exportUrlTtlSeconds: 900,
    exportMaxActivePerTenant: 100,
    // Suites send more in a minute than anybody should.
    perMinute: { all: 0, exports: 0 },
    ...changes,
  };
  const logger = createLogger("test", config.logLevel);
  const lifetime = createLifetime(logger);
  const context = createContext(config, logger, lifetime);
  const close = async (): Promise<void> => {
    await lifetime.close();
    await test.drop();
  };
  await context.role.attempted.catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const app = createCheckedApp(context);
  return {
    app,
    context,
    test,
    caller: (claims) => callerOf(app, claims),
    close,
  };
}

function callerOf(app: RequestListener, claims: Claims = {}): Caller {
  const tenantId = (claims["tenant_id"] as string | undefined) ?? randomUUID();
  const bearer = { Authorization: `Bearer ${validToken({ tenant_id: tenantId, ...claims })}` };
  const post = (path: string, body?: object): request.Test =>
    request(app).post(path).set(bearer).send(body);
  const created = async (path: string, body: object): Promise<string> => {
    const answer = await post(path, body).expect(201);
    return answer.body.id as string;
  };
  return {
    tenantId,
    get: (path) => request(app).get(path).set(bearer),
    post,
    aContext: (name = randomUUID()) => created("/v1/contexts", { name }),
    aSource: (contextId, name = randomUUID()) =>
      created(`/v1/contexts/${contextId}/sources`, { name, type: "BANK", side: "LEFT" }),
  };
}
