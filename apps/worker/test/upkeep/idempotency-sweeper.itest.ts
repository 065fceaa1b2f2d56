import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import { idempotencySweeper } from "../../src/upkeep/idempotency-sweeper.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

const sweep = () =>
  idempotencySweeper({ ...stage.tools, database: stage.database }).run(
    new AbortController().signal,
  );

/** Inserts a stored response that expires in `seconds`. */
const insertKey = (tenantId: string, key: string, seconds: number): Promise<unknown> =>
  stage.owner.query(
    `INSERT INTO idempotency_keys (tenant_id, principal, method, path, key, fingerprint, status, headers, expires_at)
     VALUES ($1, 'alice', 'POST', '/p', $2, 'f', 201, '{}', now() + make_interval(secs => $3))`,
    [tenantId, key, seconds],
  );

const keys = async (): Promise<string[]> => {
  const { rows } = await stage.owner.query<{ key: string }>(
    "SELECT key FROM idempotency_keys ORDER BY key",
  );
  return rows.map(({ key }) => key);
};

describe("the idempotency sweeper", () => {
  it("deletes the expired keys of every tenant, and no others", async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    await insertKey(one, "a-expired", -1);
    await insertKey(one, "b-valid", 60);
    await insertKey(two, "c-expired", -100);
    await stage.owner.query(
      `INSERT INTO idempotency_keys (tenant_id, principal, method, path, key, holder, locked_until, expires_at)
       VALUES ($1, 'alice', 'POST', '/p', 'd-in-flight', $1, now() - interval '1 s', now() + interval '1 day')`,
      [two],
    );
    expect(await sweep()).toEqual({ forgotten: 2 });
    expect(await keys()).toEqual(["b-valid", "d-in-flight"]);
    expect(await sweep()).toBeUndefined();
  });

  it("deletes each key once when several run at once", async () => {
    for (let n = 0; n < 20; n++) await insertKey(randomUUID(), `k${n}`, -1);
    const done = await Promise.all([sweep(), sweep(), sweep()]);
    const counts = done.map((each) =>
      each === undefined ? 0 : (each as { forgotten: number }).forgotten,
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    expect(await keys()).toEqual([]);
  });

  it("reads only tenant ids across tenants", async () => {
    await insertKey(randomUUID(), "theirs", -1);
    const { rows } = await withTenant(stage.tenantId, () =>
      stage.database.pool.query("SELECT * FROM idempotency_keys"),
    );
    expect(rows).toEqual([]);
    const { fields } = await stage.database.pool.query(
      "SELECT * FROM upkeep_tenants_with_expired_keys(10)",
    );
    expect(fields.map(({ name }) => name)).toEqual(["tenant_id"]);
  });
});
