export { withBrokenTable } from "./broken-table.ts";
export {
  blocksOf,
  explain,
  scanOf,
  sequentialScans,
  sortsIn,
  type PlanNode,
} from "./query-plan.ts";
export { createSlowProxy, type Pace, type SlowProxy } from "./slow-proxy.ts";
export { createFaultProxy, type FaultProxy } from "./fault-proxy.ts";
export type { RequestFault } from "./request-faults.ts";
export { queueTargets, type OpenQueue, type QueueTarget } from "./test-queue.ts";
export { createTestDatabase, type TestDatabase } from "./test-database.ts";
export { waitFor, type WaitOptions } from "./wait-for.ts";
export { embeddedStorage, storageTargets, type StorageTarget } from "./test-storage.ts";
export { forgetPeak, untilIdle, usageOf } from "./process-usage.ts";
