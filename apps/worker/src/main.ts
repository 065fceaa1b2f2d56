import {
  checkNodeVersion,
  configOrExit,
  createLogger,
  runUntilSignal,
  secretsIn,
} from "@docket/platform";
import { workerConfig } from "./config.ts";
import { startWorker } from "./worker.ts";

const config = configOrExit(process, workerConfig);
const logger = createLogger("docket-worker", config.logLevel, { secrets: secretsIn(process.env) });
checkNodeVersion(process, logger);

await runUntilSignal(process, logger, (lifetime) => startWorker(config, logger, lifetime));
