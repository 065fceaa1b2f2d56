export { startObjectStore, type ObjectStore, type ObjectStoreOptions } from "./server.ts";
