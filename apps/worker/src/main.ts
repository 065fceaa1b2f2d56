import { configOrExit, createLogger, runUntilSignal } from "@docket/platform";
import { workerConfig } from "./config.ts";
import { startWorker } from "./context.ts";

const config = configOrExit(process, workerConfig);
const logger = createLogger("docket-worker", config.logLevel);

await runUntilSignal(process, logger, async (lifetime) => {
  await startWorker(config, logger, lifetime);
  logger.info({ concurrency: config.concurrency }, "ready");
});
