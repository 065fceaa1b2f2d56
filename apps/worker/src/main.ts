import { ConfigError, createLogger, runUntilSignal, secretsIn } from "@docket/platform";
import { workerConfig, type WorkerConfig } from "./config.ts";
import { startWorker } from "./context.ts";

const config = readConfig();
const logger = createLogger("docket-worker", config.logLevel, { secrets: secretsIn(process.env) });

await runUntilSignal(process, logger, async (lifetime) => {
  await startWorker(config, logger, lifetime);
  logger.info({ concurrency: config.concurrency }, "ready");
});

function readConfig(): WorkerConfig {
  try {
    return workerConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) process.stderr.write(`${fault}\n`);
    return process.exit(1);
  }
}
