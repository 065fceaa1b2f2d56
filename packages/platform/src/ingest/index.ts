export { copyRow } from "./copy-text.ts";
export { ingestRows } from "./ingest.ts";
export type { IngestCounts } from "./loader.ts";
export { contextSources } from "./sources.ts";
