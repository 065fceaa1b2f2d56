export { migrate } from "./migrate.ts";
export { schemaStatus } from "./schema.ts";
