export { TOKEN_HOURS, issuedBy, signToken } from "./access-token.ts";
export { superviseApi, superviseWorker, type ApiOptions, waitUntilReady } from "./apps.ts";
export { startChild, type Child, type ChildOptions } from "./child-process.ts";
export { writeJson } from "./durable-file.ts";
export { HomeInUseError, holderOf, lockHome } from "./home-lock.ts";
export {
  ensureSecrets,
  homeDirectory,
  inHome,
  prepareHome,
  readSecrets,
  runningStack,
} from "./home.ts";
export { openProcessRecord, stopLeftovers } from "./leftovers.ts";
export { openLogFile, type LogFile } from "./log-file.ts";
export {
  ensureAppLogin,
  ensureQueueDatabase,
  logOf,
  superviseObjectStore,
  supervisePostgres,
  type Surroundings,
} from "./parts.ts";
export { API_PROGRAM, WORKER_NODE_FLAGS, WORKER_PROGRAM } from "./paths.ts";
export { startPieces } from "./pieces.ts";
export { isRunning, markProcess, type ProcessMark } from "./process-identity.ts";
export {
  StartError,
  addressOf,
  listeningOn,
  refuseTakenPort,
  type Environment,
  without,
} from "./settings.ts";
export { SIGNALS, STOP_MS, followNpm } from "./stopping.ts";
export { type Supervised } from "./supervisor.ts";
