import { accessSync, chmodSync, constants, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig } from "prisma/config";

const here = dirname(fileURLToPath(import.meta.url));

useOwnSchemaEngine();
// Neither an update check nor telemetry: the CLI runs in builds, in tests and at start, often offline.
process.env["CHECKPOINT_DISABLE"] ??= "1";
process.env["PRISMA_HIDE_UPDATE_MESSAGE"] ??= "1";

const url = process.env["MIGRATE_DATABASE_URL"] ?? process.env["DATABASE_URL"];

// `generate` needs no database; without a URL, `migrate` says itself that it wants one. This loader
// has no default-export rule to obey: Prisma reads nothing else.
export default defineConfig({
  schema: join(here, "schema.prisma"),
  migrations: { path: join(here, "migrations") },
  ...(url === undefined ? {} : { datasource: { url } }),
});

/** Points the CLI at schema-engine/engine.mjs, unless told otherwise or the native engine is there. */
function useOwnSchemaEngine(): void {
  if (process.env["PRISMA_SCHEMA_ENGINE_BINARY"] !== undefined || hasNativeEngine()) return;
  const engine = join(here, "schema-engine", "engine.mjs");
  try {
    accessSync(engine, constants.X_OK);
  } catch {
    // An archive or a copy may have dropped the executable bit that git keeps.
    chmodSync(engine, 0o755);
  }
  process.env["PRISMA_SCHEMA_ENGINE_BINARY"] = engine;
}

function hasNativeEngine(): boolean {
  const prisma = createRequire(import.meta.url).resolve("prisma/package.json");
  const engines = dirname(createRequire(prisma).resolve("@prisma/engines/package.json"));
  return readdirSync(engines).some((name) => name.startsWith("schema-engine-"));
}
