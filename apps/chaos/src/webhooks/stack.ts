import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { createDocket, type Docket } from "@docket/client";
import type { Lifetime } from "@docket/platform";
import { createDatabase, withTenant, type Database } from "@docket/platform/database";
import { signToken, startTemporaryStack } from "@docket/stack";

import { startWorkers, type ChaosStackOptions } from "../stack.ts";
import type { WatchedWorker } from "../watched-worker.ts";
import type { Expected } from "./judge.ts";
import type { Receiver } from "./receivers.ts";

/** How far the deliveries are. */
export type Backlog = {
  /** There are events that have no delivery yet. */
  readonly isBehind: boolean;
  readonly pending: number;
  readonly running: number;
  readonly failed: number;
};

/** An API, and workers that can be killed one by one, with a new tenant. */
export type WebhookStack = {
  readonly workers: readonly WatchedWorker[];
  /** Adds an endpoint for the events of {@link write} and returns its secret. */
  readonly addEndpoint: (
    receiver: Pick<Receiver, "name" | "url" | "maxInFlight">,
  ) => Promise<string>;
  /** Makes an event. */
  readonly write: (number: number) => Promise<void>;
  /** The events that the feed has. */
  readonly expected: () => Promise<Expected>;
  /** The events with an attempt that did not reach a receiver. */
  readonly unreached: (receiver: string) => Promise<ReadonlySet<number>>;
  readonly backlog: () => Promise<Backlog>;
  /** Sends again what has failed. Returns how many deliveries. */
  readonly recover: () => Promise<number>;
};

/** Eight attempts take 20 000 times the base of their delays: about twice as long as a receiver is down. */
const settings = (outageMs: number) => ({
  RATE_LIMIT_PER_MINUTE: "0",
  WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8",
  WEBHOOK_RETRY_BASE_MS: String(Math.max(1, Math.round(outageMs / 12_000))),
});

const TYPES = ["context.created"];

/** Starts the stack; `lifetime` stops it. @throws StartError */
export async function startWebhookStack(
  options: ChaosStackOptions,
  outageMs: number,
  lifetime: Lifetime,
): Promise<WebhookStack> {
  const { signal } = options;
  const stack = await startTemporaryStack({ ...options, settings: settings(outageMs) }, lifetime);
  const { stackEnv, environment, address } = stack;
  const tenantId = randomUUID();
  const token = signToken(stackEnv.secrets.jwtSecret, { tenant: tenantId, subject: "chaos" });
  const database = createDatabase({
    url: environment["DATABASE_URL"]!,
    poolSize: 2,
    applicationName: "docket-chaos",
    statementTimeoutMs: 30_000,
  });
  lifetime.onClose("database", database.close);
  const workers = await startWorkers(options.workers, environment, stackEnv, lifetime);
  const endpoints = new Map<string, string>();
  return {
    workers,
    ...createEndpointCalls({ address, token, signal }, endpoints),
    ...createEventCalls(createDocket({ baseUrl: address, token, signal })),
    ...createReads(database, tenantId, endpoints),
  };
}

type Api = { readonly address: string; readonly token: string; readonly signal: AbortSignal };

async function post<T>({ address, token, signal }: Api, path: string, body: object): Promise<T> {
  const response = await fetch(`${address}/v1/webhook-endpoints${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}`);
  return (await response.json()) as T;
}

function createEndpointCalls(
  api: Api,
  endpoints: Map<string, string>,
): Pick<WebhookStack, "addEndpoint" | "recover"> {
  const since = new Date().toISOString();
  return {
    addEndpoint: async ({ name, url, maxInFlight }) => {
      const body = { url, maxInFlight, types: TYPES };
      const { id, secret } = await post<{ id: string; secret: string }>(api, "", body);
      endpoints.set(name, id);
      return secret;
    },
    recover: async () => {
      let sum = 0;
      for (const id of endpoints.values()) {
        const { count } = await post<{ count: number }>(api, `/${id}/recover`, { since });
        sum += count;
      }
      return sum;
    },
  };
}

const createEventCalls = (client: Docket): Pick<WebhookStack, "write" | "expected"> => ({
  write: async (number) => {
    await client.contexts.create({ name: `Context ${number}` });
  },
  expected: async () => {
    const found = new Map<number, string>();
    for (let after = 0, hasMore = true; hasMore;) {
      const page = await client.events.page({ type: TYPES, after, limit: 200 });
      for (const { seq, id } of page.items) found.set(seq, id);
      ({ hasMore, lastSeq: after } = page);
    }
    return found;
  },
});

const createReads = (
  { pool }: Database,
  tenantId: string,
  endpoints: ReadonlyMap<string, string>,
): Pick<WebhookStack, "unreached" | "backlog"> => ({
  unreached: (receiver) =>
    withTenant(tenantId, async () => {
      const { rows } = await patiently(() =>
        pool.query<{ seq: number }>(UNREACHED, [endpoints.get(receiver)]),
      );
      return new Set(rows.map(({ seq }) => seq));
    }),
  backlog: () =>
    withTenant(tenantId, async () => {
      const { rows } = await patiently(() => pool.query<Backlog>(BACKLOG));
      return rows[0]!;
    }),
});

const ATTEMPTS = 10;

/** Repeats a read that failed: Postgres is busy with the sessions that killed workers have left behind. */
async function patiently<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(500);
    }
  }
}

const UNREACHED = `
  SELECT seq::float8 AS seq FROM webhook_deliveries
  WHERE endpoint_id = $1 AND jsonb_path_exists(attempts, '$[*].error')`;

const BACKLOG = `
  SELECT count(*) FILTER (WHERE status = 'PENDING')::int AS pending, count(*) FILTER (WHERE status = 'FAILED')::int AS failed,
         count(*) FILTER (WHERE lease_until > now())::int AS running,
         EXISTS (SELECT FROM webhook_endpoints w, event_heads h WHERE w.last_seq < h.seq) AS "isBehind"
  FROM webhook_deliveries`;
