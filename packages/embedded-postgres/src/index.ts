export { lookUpProcess } from "./processes.ts";
export { startPostgres, type EmbeddedPostgres } from "./start.ts";
