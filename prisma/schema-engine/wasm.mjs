// @prisma/schema-engine-wasm is packed for a bundler, which would load the .wasm by an import that
// Node 20 does not know. So its two halves are joined here, as its own schema_engine.js would.
import { readFile } from "node:fs/promises";

import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";

/** Loads the engine: its class, and what makes a driver adapter of the kind that it takes. */
export async function loadSchemaEngine() {
  // The package's `exports` hide the .wasm file, but not where the package is.
  const entry = import.meta.resolve("@prisma/schema-engine-wasm");
  const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = await readFile(new URL("schema_engine_bg.wasm", entry));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return { SchemaEngine: glue.SchemaEngine, bind: bindMigrationAwareSqlAdapterFactory };
}
