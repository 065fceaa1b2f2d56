export { withBrokenTable } from "./broken-table.ts";
export { addContext, type ContextIds, type ContextOptions } from "./builders.ts";
export { COUNTERS_DIFFERENCE } from "./counters.ts";
export { createGrowingMemory } from "./growing-memory.ts";
export { CLEAR_EXCEPTION_DATES, EXCEPTION_DATES_DIFFERENCE } from "./exception-dates.ts";
export { MATCHED_ITEMS_DIFFERENCE } from "./matched-items.ts";
export {
  processTreeCpuSeconds,
  processUsage,
  resetPeakMemory,
  waitUntilIdle,
} from "./process-usage.ts";
export { createFaultProxy, type FaultProxy } from "./proxies/fault-proxy.ts";
export type { FaultyResponse, RequestFault } from "./proxies/request-faults.ts";
export { createSlowProxy, type SlowProxy, type Throttle } from "./proxies/slow-proxy.ts";
export {
  explain,
  rowsReadBy,
  scanOf,
  sequentialScans,
  sortsIn,
  type PlanNode,
} from "./query-plan.ts";
export { createTestDatabase, type TestDatabase } from "./services/database.ts";
export { queueTargets, type QueueTarget, type TestQueue } from "./services/queue.ts";
export { embeddedStorage, storageTargets, type StorageTarget } from "./services/storage.ts";
export { createDatabaseStage, type DatabaseStage, type DatabaseStageOptions } from "./stage.ts";
export { untilBlocked } from "./until-blocked.ts";
export { waitFor, type WaitOptions } from "./wait-for.ts";
export { startWebhookReceiver } from "./webhook-receiver.ts";
