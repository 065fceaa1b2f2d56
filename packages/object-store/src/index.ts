export { startObjectStore, type ObjectStore } from "./server.ts";
