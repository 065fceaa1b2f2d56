import { randomUUID } from "node:crypto";
import { withTenant } from "../../src/database/index.ts";
import { contextSources } from "../../src/ingest/index.ts";
import { createIngestStage, type Book } from "./support.ts";

const stage = createIngestStage();
let book: Book;

beforeEach(async () => {
  book = await stage.aBook();
});

describe("contextSources", () => {
  it("returns undefined for another tenant's context", async () => {
    expect(
      await withTenant(randomUUID(), () => contextSources(stage.database().pool, book.contextId)),
    ).toBeUndefined();
    expect(
      await withTenant(book.tenantId, () => contextSources(stage.database().pool, book.contextId)),
    ).toBeDefined();
  });
});
