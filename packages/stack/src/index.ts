export { TOKEN_LIFETIME_HOURS, issuerAndAudience, signToken } from "./access-token.ts";
export { homeDirectory, homePaths, prepareHome } from "./home/home.ts";
export { HomeInUseError, lockHome } from "./home/lock.ts";
export { openProcessList, stopOrphans } from "./home/orphan-processes.ts";
export { publishAddress, runningStack, withdrawAddress } from "./home/running-stack.ts";
export { ensureSecrets, findJwtSecret, readSecrets } from "./home/secrets.ts";
export { createTemporaryHome } from "./home/temporary-home.ts";
export { assertPortFree, listenAddress, localUrl } from "./listen-address.ts";
export { startChild, type Child, type ChildOptions } from "./processes/child-process.ts";
export { openLogFile, type LogFile } from "./processes/log-file.ts";
export { identifyProcess, isRunning, type ProcessIdentity } from "./processes/process-identity.ts";
export { API_PROGRAM, WORKER_NODE_FLAGS, WORKER_PROGRAM } from "./processes/programs.ts";
export { type Supervised } from "./processes/supervisor.ts";
export { superviseApi, superviseWorker, waitUntilReady, type ApiOptions } from "./services/apps.ts";
export { ensureAppLogin, ensureQueueDatabase } from "./services/databases.ts";
export { superviseObjectStore } from "./services/object-store.ts";
export { supervisePostgres } from "./services/postgres.ts";
export { startServices } from "./services/services.ts";
export { openProcessLog, type StackEnv } from "./services/stack-env.ts";
export {
  startTemporaryStack,
  type TemporaryStack,
  type TemporaryStackOptions,
} from "./services/temporary-stack.ts";
export { StartError, omitVariables, type Environment } from "./settings.ts";
export { STOP_TIMEOUT_MS, abortOnStop } from "./signals.ts";
