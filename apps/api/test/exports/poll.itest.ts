import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import type { Pool, QueryConfig } from "pg";
import { createPollExport } from "../../src/exports/poll.ts";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const someExports = (tenant: { readonly anExport: () => Promise<string> }): Promise<string[]> =>
  Promise.all(Array.from({ length: 6 }, () => tenant.anExport()));

describe("polling exports at the same time", () => {
  it("reads the first one, and then together those that were asked for meanwhile", async () => {
    const { pool } = suite.stage.context.database;
    const query = jest.fn((config: QueryConfig) => pool.query(config));
    const poll = createPollExport({ pool: { query } as unknown as Pool });
    const ids = await someExports(suite.tenant);
    const jobs = await withTenant(suite.tenant.tenantId, () => Promise.all(ids.map(poll)));
    expect(jobs.map(({ id }) => id)).toEqual(ids);
    expect(query.mock.calls.map(([{ values }]) => values)).toEqual([[ids[0]], [ids.slice(1)]]);
  });

  it("returns 404 for those of another tenant, and the others", async () => {
    const tenants = [suite.tenant, await createTenant(suite.stage)];
    const ids = await Promise.all(tenants.map(someExports));
    const statuses = tenants.map(({ caller }) =>
      Promise.all(
        [...ids.flat(), randomUUID()].map(async (id) => {
          const { status, body } = await caller.get(`/v1/export-jobs/${id}`);
          return status === 200 ? body.id : status;
        }),
      ),
    );
    const none = Array.from({ length: 6 }, () => 404);
    expect(await Promise.all(statuses)).toEqual([
      [...ids[0]!, ...none, 404],
      [...none, ...ids[1]!, 404],
    ]);
  });
});
