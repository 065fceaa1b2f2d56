import { chmodSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Environment } from "../settings.ts";

/** The directory that holds a stack's state: `DOCKET_HOME`, or `.docket` in the current directory. */
export function homeDirectory(environment: Environment): string {
  return resolve(environment["DOCKET_HOME"] || ".docket");
}

/** The files and directories in a home. */
export const homePaths = {
  postgres: (home: string) => join(home, "postgres"),
  objects: (home: string) => join(home, "objects"),
  logs: (home: string) => join(home, "logs"),
  secrets: (home: string) => join(home, "secrets.json"),
  processes: (home: string) => join(home, "processes.json"),
  /** The running stack's address. */
  stack: (home: string) => join(home, "stack.json"),
  lock: (home: string) => join(home, "lock"),
} as const;

/** Creates a home with its directories. The mode of a directory that already exists is left alone. */
export function prepareHome(home: string): void {
  const isNew = mkdirSync(home, { recursive: true }) !== undefined;
  // If root starts the stack, Postgres runs as another user, which must be able to traverse the home but not to list it.
  if (isNew) chmodSync(home, 0o711);
  for (const directory of [homePaths.objects(home), homePaths.logs(home)]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
}
