export {
  ConfigError,
  configOrExit,
  operationsConfig,
  port,
  readEnvironment,
  sharedVariables,
  storageConfig,
  webhookConfig,
  type Environment,
  type SharedVariables,
  type WebhookConfig,
} from "./process/config.ts";
export { checkNodeVersion } from "./process/node-version.ts";
export { createLifetime, runUntilSignal, type Lifetime } from "./process/lifetime.ts";
export { createLogger, type Logger } from "./process/logger.ts";
export { startPoll, type Poll } from "./process/poll.ts";
export { createSealer, UnsealError, type Sealer } from "./process/sealer.ts";
export { secretsIn } from "./process/secrets.ts";
export { withTimeout } from "./process/timeout.ts";
