import { randomUUID } from "node:crypto";
import { createSealer } from "@docket/platform";
import { withTenant } from "@docket/platform/database";
import { webhookSecretPurpose, type WebhookSecret } from "@docket/platform/rows";
import { createStage, type Stage } from "../support/stage.ts";
import type { Caller } from "../support/caller.ts";

const ENDPOINTS = "/v1/webhook-endpoints";
const URL = "https://example.com/hook";
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

let api: Stage;
let caller: Caller;

beforeAll(async () => {
  api = await createStage();
});

afterAll(() => api.close());

beforeEach(() => {
  caller = api.caller();
});

const create = (body: object = {}) => caller.post(ENDPOINTS, { url: URL, ...body });
const anEndpoint = async (body: object = {}): Promise<string> =>
  (await create(body).expect(201)).body.id;

const events = (): Promise<{ action: string; subject: string; data: unknown }[]> =>
  withTenant(caller.tenantId, async () => {
    const { rows } = await api.context.database.pool.query(
      "SELECT action, subject, data FROM audit_events ORDER BY seq",
    );
    return rows;
  });

const secretsOf = (id: string): Promise<WebhookSecret[]> =>
  withTenant(caller.tenantId, async () => {
    const { prisma } = api.context.database;
    const { secrets } = await prisma.webhookEndpoint.findFirstOrThrow({ where: { id } });
    return secrets as unknown as WebhookSecret[];
  });

describe("POST /v1/webhook-endpoints", () => {
  it("creates an endpoint for all that its creator may read, and shows the secret only here", async () => {
    const { body, headers } = await create({ description: " Finance " }).expect(201);
    const { secret, ...endpoint } = body;
    expect(secret).toMatch(SECRET);
    expect(headers["location"]).toBe(`${ENDPOINTS}/${endpoint.id}`);
    expect(endpoint).toMatchObject({
      url: URL,
      description: "Finance",
      enabled: true,
      maxInFlight: 1,
    });
    expect(endpoint.types).toEqual(expect.arrayContaining(["dispute.*", "export-job.*"]));
    expect((await caller.get(`${ENDPOINTS}/${endpoint.id}`).expect(200)).body).toEqual(endpoint);
    expect((await caller.get(ENDPOINTS).expect(200)).body.items).toEqual([endpoint]);
    const [event] = await events();
    expect(event).toEqual({
      action: "webhook-endpoint.created",
      subject: `${ENDPOINTS}/${endpoint.id}`,
      data: endpoint,
    });
  });

  it("limits the default to the families that the token may read, and refuses others", async () => {
    const permissions = ["webhook:read", "webhook:write", "dispute:read"];
    caller = api.caller({ permissions });
    const { body } = await create().expect(201);
    expect(body.types).toEqual(["dispute.*", "webhook-endpoint.*", "webhook.*"]);
    await create({ types: ["export-job.*"] }).expect(403);
    await create({ types: ["exception.resolved"] }).expect(403);
    await caller.patch(`${ENDPOINTS}/${body.id}`, { types: ["export-job.*"] }).expect(403);
    const path = `${ENDPOINTS}/${body.id}`;
    const other = api.caller({
      tenant_id: caller.tenantId,
      permissions: ["webhook:read", "webhook:write"],
    });
    // It would receive what the endpoint was created for.
    await other.patch(path, { url: `${URL}/other` }).expect(403);
    await other.patch(path, { url: `${URL}/other`, types: ["webhook.*"] }).expect(403);
    await other.patch(path, { enabled: true }).expect(403);
    await other.post(`${path}/rotate-secret`).expect(403);
    await other.patch(path, { enabled: false, maxInFlight: 2 }).expect(200);
    await caller.patch(path, { url: `${URL}/other`, enabled: true }).expect(200);
    caller = api.caller({ permissions: ["webhook:read"] });
    await create().expect(403);
    caller = api.caller({ permissions: ["webhook:write"] });
    await create().expect(403);
    await caller.get(ENDPOINTS).expect(403);
  });

  it.each([
    ["a literal address that is refused", { url: "https://[::ffff:10.0.0.1]/" }, 422, "url"],
    ["plain http", { url: "http://example.com/" }, 422, "url"],
    ["no URL", { url: undefined }, 400, "url"],
    ["a URL that is not a string", { url: 1 }, 422, "url"],
    ["a long URL", { url: `https://example.com/${"x".repeat(2_048)}` }, 422, "url"],
    ["a long description", { description: "x".repeat(501) }, 422, "description"],
    ["an unknown type", { types: ["dispute.lost", "dispute.gone"] }, 400, "types.1"],
    ["no types", { types: [] }, 400, "types"],
    ["too many attempts at a time", { maxInFlight: 21 }, 400, "maxInFlight"],
    ["a fraction of an attempt", { maxInFlight: 1.5 }, 422, "maxInFlight"],
    ["an unknown field", { secret: "x" }, 400, "secret"],
  ])("refuses %s", async (_, body, status, field) => {
    const { body: problem } = await create(body).expect(status);
    expect(problem.errors).toMatchObject([{ field }]);
  });

  it("refuses more than 50 endpoints, also of concurrent requests", async () => {
    const data = Array.from({ length: 48 }, () => ({
      tenantId: caller.tenantId,
      url: URL,
      types: ["dispute.*"],
      secrets: [],
    }));
    await withTenant(caller.tenantId, () =>
      api.context.database.prisma.webhookEndpoint.createMany({ data }),
    );
    const answers = await Promise.all([create(), create(), create()]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.code).toBe("webhook_endpoint_limit_reached");
  });

  it("replays the secret for the same key, and keeps it encrypted", async () => {
    const key = randomUUID();
    const first = await create().set("Idempotency-Key", key).expect(201);
    const second = await create().set("Idempotency-Key", key).expect(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers["idempotency-replayed"]).toBe("true");
    const { secret, id } = first.body;
    const kept = await withTenant(caller.tenantId, () =>
      api.context.database.prisma.idempotencyKey.findFirstOrThrow({ where: { key } }),
    );
    const [sealed] = await secretsOf(id);
    expect(`${kept.body}${sealed?.sealed}`).not.toContain(secret.slice(6));
    const sealer = createSealer([Buffer.alloc(32, 1)]);
    expect(sealer.open(sealed?.sealed ?? "", webhookSecretPurpose(caller.tenantId))).toBe(secret);
  });
});

describe("a webhook endpoint", () => {
  it("is changed, disabled and enabled", async () => {
    const path = `${ENDPOINTS}/${await anEndpoint({ description: "d" })}`;
    const { body } = await caller
      .patch(path, { description: null, types: ["dispute.won"], maxInFlight: 20, enabled: false })
      .expect(200);
    expect(body).toMatchObject({ types: ["dispute.won"], maxInFlight: 20, enabled: false });
    expect(body).not.toHaveProperty("description");
    expect((await caller.post(`${path}/test`).expect(409)).body.code).toBe(
      "webhook_endpoint_disabled",
    );
    expect((await caller.patch(path, { enabled: true }).expect(200)).body.enabled).toBe(true);
    await caller.post(`${path}/test`).expect(202);
    await caller.patch(path, {}).expect(400);
    await caller.patch(path, { url: "https://127.0.0.1/" }).expect(422);
    expect((await events()).map(({ action }) => action)).toEqual([
      "webhook-endpoint.created",
      "webhook-endpoint.updated",
      "webhook-endpoint.updated",
      "webhook.test",
    ]);
  });

  it("rotates its secret, and keeps the old one for the grace", async () => {
    const id = await anEndpoint();
    const rotate = (body?: object) => caller.post(`${ENDPOINTS}/${id}/rotate-secret`, body);
    expect((await rotate().expect(200)).body.secret).toMatch(SECRET);
    const [current, old, ...rest] = await secretsOf(id);
    expect(rest).toEqual([]);
    expect(current?.until).toBeNull();
    expect(Date.parse(old?.until ?? "") - Date.now()).toBeGreaterThan(86_000_000);
    await rotate({ graceSeconds: 0 }).expect(200);
    // The secret of the longer grace remains.
    expect(await secretsOf(id)).toHaveLength(2);
    await rotate({ graceSeconds: 604_801 }).expect(400);
    await rotate({ graceSeconds: "1" }).expect(422);
  });

  it("is gone once it is deleted", async () => {
    const path = `${ENDPOINTS}/${await anEndpoint()}`;
    await caller.delete(path).expect(204);
    await caller.get(path).expect(404);
    await caller.get(`${path}/deliveries`).expect(404);
    await caller.post(`${path}/recover`, { since: "2026-01-01T00:00:00Z" }).expect(404);
    await caller.delete(path).expect(404);
    expect((await caller.get(ENDPOINTS).expect(200)).body.items).toEqual([]);
  });

  it("is hidden from other tenants", async () => {
    const path = `${ENDPOINTS}/${await anEndpoint()}`;
    const other = api.caller();
    await other.get(path).expect(404);
    await other.patch(path, { enabled: false }).expect(404);
    await other.delete(path).expect(404);
    for (const action of ["rotate-secret", "test"])
      await other.post(`${path}/${action}`).expect(404);
    await other.get(`${path}/deliveries`).expect(404);
    await other.post(`/v1/webhook-deliveries/${randomUUID()}/resend`).expect(404);
  });

  it("lists its deliveries by status and type, newest first", async () => {
    const id = await anEndpoint();
    const { tenantId } = caller;
    await withTenant(tenantId, async () => {
      for (const [seq, status, type] of [
        [1, "FAILED", "dispute.won"],
        [2, "DELIVERED", "dispute.lost"],
        [3, "PENDING", "dispute.won"],
      ] as const) {
        const nextAttemptAt = status === "PENDING" ? new Date() : null;
        const event = { eventId: randomUUID(), seq, type, eventAt: new Date() };
        const attempts = [{ at: new Date().toISOString(), durationMs: 3, responseStatus: 500 }];
        await api.context.database.prisma.webhookDelivery.create({
          data: { tenantId, endpointId: id, ...event, status, nextAttemptAt, attempts },
        });
      }
    });
    const seqs = async (query: string): Promise<number[]> => {
      const { body } = await caller.get(`${ENDPOINTS}/${id}/deliveries${query}`).expect(200);
      return (body.items as { seq: number }[]).map(({ seq }) => seq);
    };
    expect(await seqs("")).toEqual([3, 2, 1]);
    expect(await seqs("?status=failed&status=PENDING")).toEqual([3, 1]);
    expect(await seqs("?type=dispute.lost")).toEqual([2]);
    expect(await seqs("?type=dispute.*&limit=1")).toEqual([3]);
    await caller.get(`${ENDPOINTS}/${id}/deliveries?type=x`).expect(400);
  });
});

describe("without SECRETS_KEY", () => {
  it("every call of webhooks returns 503", async () => {
    const bare = await createStage({ webhooks: undefined });
    caller = bare.caller();
    const answers = [
      await create(),
      await caller.get(ENDPOINTS),
      await caller.post(`${ENDPOINTS}/${randomUUID()}/test`),
      await caller.post(`/v1/webhook-deliveries/${randomUUID()}/resend`),
    ];
    for (const { status, body } of answers)
      expect([status, body.code]).toEqual([503, "webhooks_not_configured"]);
    await bare.close();
  });
});
