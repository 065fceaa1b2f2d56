export {
  ConfigError,
  configOrExit,
  operationsConfig,
  port,
  readEnvironment,
  sharedVariables,
  storageConfig,
  type Environment,
  type SharedVariables,
} from "./config.ts";
export { withinDeadline } from "./deadline.ts";
export { createLifetime, runUntilSignal, type Lifetime } from "./lifetime.ts";
export { createLogger, type Logger } from "./logger.ts";
export { secretsIn } from "./secrets.ts";
