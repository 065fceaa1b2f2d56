import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { ExportSpec, ReportType } from "@docket/domain";
import { createTestDatabase, type TestDatabase } from "@docket/testing";
import { exportFile, exportSession } from "./exporter.ts";
import { insertScene, type Scene } from "./scene.ts";

export type Exported = Record<string, string | number | null>;

/** A database for the suite that calls it, a tenant in it, and the ways to fill it and to export from it. */
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
    /** As the owner of the tables. */
    ask: async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
      (await owner.query(sql, values)).rows as T[],
    export: (spec: ExportSpec) => exportFile(session, spec),
    /** The rows of a JSON export. */
    exported: async (spec: ExportSpec): Promise<Exported[]> =>
      JSON.parse((await exportFile(session, spec)).text) as Exported[],
  };
}

/** January of the scene's context, as JSON. */
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
