export { ingestRows, type IngestOptions } from "./ingest.ts";
export type { IngestCounts } from "./loader.ts";
export type { StagingRow } from "./copy-text.ts";
export { contextSources } from "./sources.ts";
