import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import { waitFor } from "@docket/testing";
import { runOnce, type IdempotencyTools } from "../../../src/http/idempotency.ts";
import type { Reply } from "../../../src/http/reply.ts";
import { createStage, type Stage } from "../../support/stage.ts";

let api: Stage;
const tenantId = randomUUID();

beforeAll(async () => {
  api = await createStage();
});

afterAll(() => api.close());

const prisma = () => api.context.database.prisma;

const row = () =>
  withTenant(tenantId, async () => prisma().idempotencyKey.findFirst({ where: { key: "k" } }));

describe("the lease of a request in flight", () => {
  it("lasts a minute, is renewed while the request runs, and ends with its response", async () => {
    const tools: IdempotencyTools = {
      prisma: prisma(),
      logger: api.context.logger,
      fingerprint: { digest: async () => "f", digestUnread: async () => "f" },
      renewMs: 50,
    };
    const scope = { principal: "alice", method: "POST", path: "/p", key: "k" };
    let finish: (reply: Reply) => void = () => undefined;
    const working = new Promise<Reply>((resolve) => (finish = resolve));
    const answer = withTenant(tenantId, () =>
      runOnce(tools, scope, async (persist) => persist(prisma(), await working)),
    );

    const held = await waitFor(row);
    const seconds = (held.lockedUntil!.getTime() - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(58);
    expect(seconds).toBeLessThanOrEqual(60);
    await withTenant(
      tenantId,
      async () => prisma().$executeRaw`UPDATE idempotency_keys SET locked_until = now()`,
    );
    await waitFor(async () => (await row())!.lockedUntil!.getTime() - Date.now() > 58_000);

    finish({ status: 201, body: { done: true } });
    expect(await answer).toEqual({ status: 201, body: { done: true } });
    expect(await row()).toMatchObject({ status: 201, lockedUntil: null, body: '{"done":true}' });
  });
});
