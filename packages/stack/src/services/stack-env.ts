import { join } from "node:path";

import { homePaths } from "../home/home.ts";
import type { Secrets } from "../home/secrets.ts";
import { openLogFile, type LogFile } from "../processes/log-file.ts";

/** What every service of a stack is started with. */
export type StackEnv = {
  readonly home: string;
  readonly secrets: Secrets;
  /** Takes lines for the person at the terminal. */
  readonly log: (line: string) => void;
  readonly onSpawn: (pid: number) => void;
  readonly signal: AbortSignal;
};

/** Opens the log file of one process of the stack. */
export const openProcessLog = (home: string, name: string): LogFile =>
  openLogFile(join(homePaths.logs(home), `${name}.log`));
