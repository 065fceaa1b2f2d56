import { randomUUID } from "node:crypto";
import { createTenant, type Tenant } from "../../support/tenant.ts";
import { useStage } from "../../support/use-stage.ts";

const suite = useStage();

const MIB = 1_048_576;

/** A kept response of the tenant. */
const insertKept = ({ tenantId, inTenant }: Tenant, bodyBytes: number, expiresInSeconds: number) =>
  inTenant(
    async () => suite.stage.context.database.prisma.$executeRaw`
      INSERT INTO idempotency_keys (tenant_id, principal, method, path, key, fingerprint, status, headers, body, body_bytes, expires_at)
      VALUES (${tenantId}::uuid, 'alice', 'POST', '/', ${randomUUID()}, 'f', 200, '{}', '{}', ${bodyBytes},
        now() + make_interval(secs => ${expiresInSeconds}::int))`,
  );

describe("the large responses that are kept for idempotency keys", () => {
  it("are limited per tenant: then 429, and nothing is changed", async () => {
    const [full, other] = [suite.tenant, await createTenant(suite.stage)];
    const dispute = { category: "OTHER", description: "x".repeat(5_000) };
    const exceptionIds = new Map([
      [full, await full.anException()],
      [other, await other.anException()],
    ]);
    const create = (tenant: Tenant, key?: string) => {
      const path = `/v1/exceptions/${exceptionIds.get(tenant)}/disputes`;
      const request = tenant.send("post", path, dispute);
      return key === undefined ? request : request.set("Idempotency-Key", key);
    };
    await insertKept(full, 256 * MIB - 6_000, 600);
    await insertKept(full, 256 * MIB, -1);
    const first = await create(full, "fits").expect(201);
    const { body, headers } = await create(full, "too-much").expect(429);
    expect(body).toMatchObject({ code: "idempotency_storage_full" });
    expect(Number(headers["retry-after"])).toBeGreaterThan(500);
    expect((await create(full, "fits").expect(201)).text).toBe(first.text);
    expect((await full.send("get", "/v1/disputes").expect(200)).body.items).toHaveLength(1);
    await create(full).expect(201);
    await full
      .send("post", "/v1/contexts", { name: "small" })
      .set("Idempotency-Key", "small")
      .expect(201);
    await create(other, "too-much").expect(201);
  });
});
