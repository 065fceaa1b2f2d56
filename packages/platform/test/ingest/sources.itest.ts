import { randomUUID } from "node:crypto";
import { withTenant } from "../../src/database/index.ts";
import { contextSources } from "../../src/ingest/index.ts";
import { ingestSuite } from "./support.ts";

const suite = ingestSuite();
const { context } = suite;

describe("contextSources", () => {
  it("returns undefined for another tenant's context", async () => {
    expect(
      await withTenant(randomUUID(), () =>
        contextSources(suite.database().pool, context.contextId),
      ),
    ).toBeUndefined();
    expect(
      await withTenant(context.tenantId, () =>
        contextSources(suite.database().pool, context.contextId),
      ),
    ).toBeDefined();
  });
});
