import type { DataMigration } from "./data.ts";

/** The data migrations of all releases, in the order in which they run. */
export const dataMigrations: readonly DataMigration[] = [];
