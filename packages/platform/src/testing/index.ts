export { createSlowProxy, type Pace, type SlowProxy } from "./slow-proxy.ts";
export { createTestDatabase, type TestDatabase } from "./test-database.ts";
export { waitFor, type WaitOptions } from "./wait-for.ts";
export { embeddedStorage, storageTargets, type StorageTarget } from "./test-storage.ts";
