import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import type { QueryConfig } from "pg";
import { createPollExport } from "../../src/exports/poll.ts";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const someExports = (tenant: { readonly anExport: () => Promise<string> }): Promise<string[]> =>
  Promise.all(Array.from({ length: 6 }, () => tenant.anExport()));

describe("polling exports at the same time", () => {
  it("reads the first one, and then together those that were asked for meanwhile", async () => {
    const { pool } = suite.stage.context.database;
    const query = jest.spyOn(pool, "query");
    const poll = createPollExport({ pool });
    const ids = await someExports(suite.tenant);
    query.mockClear();
    const jobs = await withTenant(suite.tenant.tenantId, () => Promise.all(ids.map(poll)));
    expect(jobs.map(({ id }) => id)).toEqual(ids);
    const statements = query.mock.calls as unknown as readonly [QueryConfig][];
    expect(statements.map(([{ values }]) => values)).toEqual([[ids.slice(0, 1)], [ids.slice(1)]]);
    query.mockRestore();
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
