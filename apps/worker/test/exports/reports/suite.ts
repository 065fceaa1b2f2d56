import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { ExportSpec, ReportType } from "@docket/domain";
import { createTestDatabase, type TestDatabase } from "@docket/testing";
import { exportFile, exportSession } from "./exporter.ts";
import { insertScene, type Scene } from "./scene.ts";

export type Exported = Record<string, string | number | null>;

/** Creates a database and a tenant for the calling suite, with functions that insert scenes and export them. */
export function exportSuite() {
  const tenantId = randomUUID();
  let database: TestDatabase;
  let owner: Client;
  let session: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    session = await exportSession(database.appUrl, tenantId);
  });

  afterAll(async () => {
    await session?.end();
    await owner?.end();
    await database?.drop();
  });

  return {
    tenantId,
    insert: (scene: Scene) => insertScene(owner, scene),
    /** Queries as the owner of the tables. */
    query: async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
      (await owner.query(sql, values)).rows as T[],
    export: (spec: ExportSpec) => exportFile(session, spec),
    /** The rows of a JSON export. */
    exported: async (spec: ExportSpec): Promise<Exported[]> =>
      JSON.parse((await exportFile(session, spec)).text) as Exported[],
  };
}

/** A JSON export of January 2026 of the scene's context, unless overridden. */
export const specOf = (
  scene: Scene,
  reportType: ReportType,
  overrides: Partial<ExportSpec> = {},
): ExportSpec => ({
  reportType,
  format: "JSON",
  contextId: scene.contextId,
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
  ...overrides,
});
