import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Lifetime } from "@docket/platform";
import { statementsOf, withTenant } from "@docket/platform/database";
import {
  claimDelivery,
  recoverDeliveries,
  resendDelivery,
  settleDelivery,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from "@docket/platform/rows";
import { waitFor } from "@docket/testing";
import { Webhook } from "standardwebhooks";
import { createReceiver, createWebhookStage, type WebhookStage } from "./support.ts";

type Receiver = Awaited<ReturnType<typeof createReceiver>>;

const BY = { actor: "tester", requestId: "r" };

let stage: WebhookStage;
let worker: Lifetime;
let receiver: Receiver;
let tenantId: string;

beforeAll(async () => {
  stage = await createWebhookStage();
  worker = stage.startWorker();
});

afterAll(async () => {
  await worker.close();
  await stage.close();
});

beforeEach(async () => {
  tenantId = randomUUID();
  receiver = await createReceiver();
});

afterEach(() => receiver.close());

/** On a busy machine, eight attempts may take a while. */
const PATIENTLY = { timeoutMs: 40_000 };

const seqs = (): number[] => receiver.received.map(({ body }) => body.seq);
const settled = async (count: number): Promise<void> => {
  await waitFor(async () => {
    const all = await stage.deliveries(tenantId);
    return all.length === count && all.every(({ status }) => status !== "PENDING");
  }, PATIENTLY);
};
const change = <T>(work: Parameters<WebhookStage["database"]["transaction"]>[0]): Promise<T> =>
  withTenant(tenantId, () => stage.database.transaction(work)) as Promise<T>;

describe("the delivery of webhooks", () => {
  it("sends what is committed after the creation, in order, signed so that a standard library verifies it", async () => {
    await stage.emit(tenantId, 3);
    const { id, secret } = await stage.endpoint(tenantId, { url: receiver.url });
    await stage.emit(tenantId, 5);
    await settled(5);
    expect(await stage.endpointRow(tenantId, id)).toMatchObject({ ignored: [] });
    // 4 is the creation of the endpoint.
    expect(seqs()).toEqual([5, 6, 7, 8, 9]);
    for (const { headers, text } of receiver.received)
      new Webhook(secret).verify(text, headers as Record<string, string>);
    const [first] = receiver.received;
    expect(first!.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "Docket-Webhooks",
    });
    const [delivery] = await stage.deliveries(tenantId);
    expect(first!.headers["webhook-id"]).toBe(delivery!.eventId);
    expect(first!.body).toEqual({
      type: "context.created",
      timestamp: delivery!.eventAt.toISOString(),
      seq: 5,
      subject: expect.stringMatching(/^\/v1\/contexts\//),
      data: { n: 0 },
    });
    expect(delivery).toMatchObject({ status: "DELIVERED", attempts: [{ responseStatus: 204 }] });
  });

  it("repeats failed attempts eight times, and lets no retry hold up a later event", async () => {
    receiver.respond = (response, { body }) => {
      response.writeHead(body.seq === 2 ? 500 : 204).end(body.seq === 2 ? "x".repeat(5_000) : "");
    };
    const { id } = await stage.endpoint(tenantId, { url: receiver.url });
    await stage.emit(tenantId, 3);
    await settled(3);
    expect(seqs().filter((seq) => seq === 2)).toHaveLength(8);
    expect(seqs().indexOf(4)).toBeLessThan(seqs().lastIndexOf(2));
    const ids = receiver.received.filter(({ body }) => body.seq === 2);
    expect(new Set(ids.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    const [failed] = await stage.deliveries(tenantId);
    expect(failed).toMatchObject({ status: "FAILED", failures: 8 });
    const [attempt] = failed!.attempts as { responseBody: string; responseStatus: number }[];
    expect(attempt).toMatchObject({ responseStatus: 500, responseBody: "x".repeat(1_024) });

    receiver.respond = (response) => void response.writeHead(204).end();
    const count = await change<number>((tx) =>
      recoverDeliveries(tx, id, new Date(0).toISOString()),
    );
    expect(count).toBe(1);
    await settled(3);
    expect((await stage.deliveries(tenantId)).map(({ status }) => status)).toEqual([
      "DELIVERED",
      "DELIVERED",
      "DELIVERED",
    ]);
  });

  it("disables an endpoint that answers 410, sends nothing meanwhile, and recovers what it has missed", async () => {
    receiver.respond = (response) => void response.writeHead(410).end();
    const { id } = await stage.endpoint(tenantId, { url: receiver.url });
    await stage.emit(tenantId, 1);
    await settled(1);
    expect(await stage.endpointRow(tenantId, id)).toMatchObject({
      enabled: false,
      disabledReason: "gone",
    });
    receiver.respond = (response) => void response.writeHead(204).end();
    await stage.emit(tenantId, 2);
    const enabled = await change((tx) => updateWebhookEndpoint(tx, BY, id, { enabled: true }));
    expect(enabled).toMatchObject({ enabled: true, disabledReason: null });
    await stage.emit(tenantId, 1);
    await settled(2);
    expect(receiver.received).toHaveLength(2);
    const count = await change<number>((tx) =>
      recoverDeliveries(tx, id, new Date(0).toISOString()),
    );
    expect(count).toBe(3);
    await settled(4);
    expect(new Set(seqs()).size).toBe(4);
  });

  it.each([
    ["before it is enabled", true],
    ["as soon as it is enabled", false],
  ])("recovers an endpoint %s, with what the fan-out has not reached", async (_, isFirst) => {
    const { id } = await stage.endpoint(tenantId, { url: receiver.url });
    const since = new Date().toISOString();
    await change((tx) => updateWebhookEndpoint(tx, BY, id, { enabled: false }));
    await stage.emit(tenantId, 3);
    const enable = () => change((tx) => updateWebhookEndpoint(tx, BY, id, { enabled: true }));
    if (!isFirst) await enable();
    await change((tx) => recoverDeliveries(tx, id, since));
    if (isFirst) await enable();
    await settled(3);
    expect(new Set(seqs()).size).toBe(3);
  });

  it("sends a test only to its endpoint, whatever the types, and resends a delivery once", async () => {
    const other = await createReceiver();
    await stage.endpoint(tenantId, { url: other.url });
    const { id } = await stage.endpoint(tenantId, { url: receiver.url, types: ["dispute.*"] });
    await change((tx) => testWebhookEndpoint(tx, BY, id));
    await settled(1);
    expect(receiver.received.map(({ body }) => body.type)).toEqual(["webhook.test"]);
    expect(other.received).toEqual([]);
    await other.close();
    const [delivery] = await stage.deliveries(tenantId);
    await change((tx) => resendDelivery(tx, delivery!.id));
    await waitFor(() => receiver.received.length === 2, PATIENTLY);
    await settled(1);
  });

  it("does not follow a redirect, and fails at once where it may not connect", async () => {
    const target = await createReceiver();
    receiver.respond = (response) => void response.writeHead(307, { Location: target.url }).end();
    await stage.endpoint(tenantId, { url: receiver.url });
    await stage.endpoint(tenantId, { url: "https://[::1]/" });
    await stage.emit(tenantId, 1);
    await settled(2);
    expect(target.received).toEqual([]);
    await target.close();
    const all = await stage.deliveries(tenantId);
    const attempts = all.map((each) => each.attempts as { error?: string }[]);
    expect(attempts.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([1, 8]);
    expect(attempts.find(({ length }) => length === 1)).toMatchObject([
      { error: "url must not address this host" },
    ]);
  });

  it("disables an endpoint that has failed for 120 hours", async () => {
    receiver.respond = (response) => void response.writeHead(500).end();
    const { id } = await stage.endpoint(tenantId, { url: receiver.url });
    await stage.emit(tenantId, 1);
    await settled(1);
    await stage.owner.query(
      "UPDATE webhook_endpoints SET failing_since = now() - interval '121 hours' WHERE id = $1",
      [id],
    );
    await stage.emit(tenantId, 1);
    await waitFor(async () => !(await stage.endpointRow(tenantId, id)).enabled, PATIENTLY);
    expect(await stage.endpointRow(tenantId, id)).toMatchObject({ disabledReason: "failing" });
  });

  it("runs maxInFlight attempts at a time, and delivers to others beside many receivers that hang", async () => {
    let open = 0;
    receiver.respond = () => {
      open += 1;
    };
    const { id } = await stage.endpoint(tenantId, { url: receiver.url, maxInFlight: 3 });
    for (let n = 0; n < 20; n += 1) await stage.endpoint(tenantId, { url: receiver.url });
    await stage.emit(tenantId, 5);
    // The permits of one tenant.
    await waitFor(() => open >= 16, PATIENTLY);
    const { rows } = await stage.owner.query<{ running: number }>(
      "SELECT count(*)::int AS running FROM webhook_deliveries WHERE endpoint_id = $1 AND lease_until > now()",
      [id],
    );
    expect(rows[0]?.running).toBeLessThanOrEqual(3);
    const [hanging, busy] = [receiver, tenantId];
    tenantId = randomUUID();
    receiver = await createReceiver();
    await stage.endpoint(tenantId, { url: receiver.url });
    await stage.emit(tenantId, 3);
    await settled(3);
    expect(seqs()).toEqual([2, 3, 4]);
    await stage.owner.query(
      "UPDATE webhook_endpoints SET deleted_at = now() WHERE tenant_id = $1",
      [busy],
    );
    await hanging.close();
  });
});

describe("the receiver of docs/webhooks.md", () => {
  it("prints each event once, and refuses what is not signed", async () => {
    const page = await readFile(new URL("../../../../docs/webhooks.md", import.meta.url), "utf8");
    const code = /```js\n([^]*?)```/.exec(page)?.[1] ?? "";
    expect(code.trim().split("\n").length).toBeLessThanOrEqual(16);
    // Its port is free again.
    const { url } = receiver;
    await receiver.close();
    const { secret } = await stage.endpoint(tenantId, { url });
    const program = spawn(process.execPath, ["--input-type=module", "-e", code], {
      env: { WEBHOOK_SECRET: secret, PORT: new URL(url).port },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    program.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await waitFor(async () => (await fetch(url, { method: "POST" })).status === 400, PATIENTLY);
    // As many characters as a signature has, and more bytes.
    const forged = {
      "webhook-timestamp": String(Math.floor(Date.now() / 1_000)),
      "webhook-signature": `v1,${"é".repeat(44)}`,
    };
    expect(await fetch(url, { method: "POST", headers: forged })).toMatchObject({ status: 400 });
    await stage.emit(tenantId, 2);
    await settled(2);
    const [delivery] = await stage.deliveries(tenantId);
    await change((tx) => resendDelivery(tx, delivery!.id));
    await waitFor(async () => {
      const [resent] = await stage.deliveries(tenantId);
      return (resent!.attempts as unknown[]).length === 2;
    }, PATIENTLY);
    expect((await stage.deliveries(tenantId)).map(({ status }) => status)).toEqual([
      "DELIVERED",
      "DELIVERED",
    ]);
    await waitFor(() => printed.match(/seq: \d/g)?.length === 2, PATIENTLY);
    expect(printed.match(/seq: \d/g)).toEqual(["seq: 2", "seq: 3"]);
    program.kill();
    receiver = await createReceiver();
  });
});

describe("a worker that stops or dies during an attempt", () => {
  it("makes the first attempt that it has broken off the next one again when it stops", async () => {
    receiver.respond = () => undefined;
    await stage.endpoint(tenantId, { url: receiver.url });
    await stage.emit(tenantId, 3);
    await waitFor(async () => (await stage.deliveries(tenantId)).length === 3, PATIENTLY);
    await waitFor(() => receiver.received.length === 1, PATIENTLY);
    await worker.close();
    expect((await stage.deliveries(tenantId)).map(({ started }) => started)).not.toContain(true);
    receiver.respond = (response) => void response.writeHead(204).end();
    worker = stage.startWorker();
    await settled(3);
    expect(seqs()).toEqual([2, 2, 3, 4]);
  });

  it("leaves the delivery to others when its lease expires, and changes nothing when it wakes up", async () => {
    const { id: endpointId } = await stage.endpoint(tenantId, {
      url: receiver.url,
      types: ["dispute.*"],
    });
    await worker.close();
    await change((tx) => testWebhookEndpoint(tx, BY, endpointId));
    const numbering = stage.startWorker();
    await waitFor(async () => (await stage.deliveries(tenantId)).length === 1, PATIENTLY);
    await numbering.close();
    await stage.owner.query(
      "UPDATE webhook_deliveries SET status = 'PENDING', started = false, next_attempt_at = now() WHERE tenant_id = $1",
      [tenantId],
    );
    receiver.received.length = 0;
    const { pool } = stage.database;
    const lost = await withTenant(tenantId, () =>
      claimDelivery(pool, { tenantId, endpointId, retries: false }),
    );
    expect(lost).toBeDefined();
    const again = await withTenant(tenantId, () =>
      claimDelivery(pool, { tenantId, endpointId, retries: true }),
    );
    expect(again).toBeUndefined();
    await stage.owner.query(
      "UPDATE webhook_deliveries SET lease_until = now() - interval '1 second' WHERE tenant_id = $1",
      [tenantId],
    );
    worker = stage.startWorker();
    await settled(1);
    expect(receiver.received).toHaveLength(1);
    const late = { isDelivered: false, retryMs: undefined, attempt: { at: "", durationMs: 1 } };
    await expect(
      withTenant(tenantId, () => settleDelivery(statementsOf(pool), lost!, late)),
    ).resolves.toBeUndefined();
  });
});
