export { createExportConsumer, type ExportConsumer } from "./consumer.ts";
export type { ExportMessage } from "./messages.ts";
export { createExportQueue, QueueUnavailableError, type ExportQueue } from "./queue.ts";
