import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

import {
  identifyProcess,
  isRunning,
  parseIdentity,
  type ProcessIdentity,
} from "../processes/process-identity.ts";
import { homePaths } from "./home.ts";

/** Another stack is running in this home. */
export class HomeInUseError extends Error {
  override readonly name = "HomeInUseError";
}

const ATTEMPTS = 10;

/**
 * Locks the home for this process and returns the function that releases it.
 *
 * The lock names its holder by pid and start time, so a crash, a power failure or a reused pid never blocks the next
 * start. `proper-lockfile` decides by the lock's age instead: a crash blocks until the lock is stale, and a suspended
 * process loses its lock.
 *
 * @throws HomeInUseError when another process holds the lock.
 */
export function lockHome(home: string): () => void {
  const lock = homePaths.lock(home);
  const content = JSON.stringify(identifyProcess(process.pid));
  // Written to a draft and then linked, so that the lock never exists without its content.
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if (tryLink(draft, lock)) return () => releaseLock(lock, content);
      const found = readText(lock);
      const holder = parseHolder(found);
      if (holder !== undefined && isRunning(holder)) throw homeInUse(home, holder);
      if (found !== undefined) removeStale(lock, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new HomeInUseError(`Could not lock ${home}: other processes keep starting there.`);
}

/** The running process that holds the home's lock. */
export function lockHolder(home: string): ProcessIdentity | undefined {
  const holder = parseHolder(readText(homePaths.lock(home)));
  return holder !== undefined && isRunning(holder) ? holder : undefined;
}

const homeInUse = (home: string, holder: ProcessIdentity): HomeInUseError =>
  new HomeInUseError(
    `Docket is already running in ${home} (process ${holder.pid}). Stop it first, or set DOCKET_HOME to another directory.`,
  );

function tryLink(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Two starts may find the same stale lock. The slower one may move the faster one's new lock away, and then puts it back. */
function removeStale(lock: string, stale: string): void {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (readText(aside) !== stale) tryLink(aside, lock);
  rmSync(aside, { force: true });
}

function releaseLock(lock: string, content: string): void {
  if (readText(lock) === content) rmSync(lock, { force: true });
}

function parseHolder(text: string | undefined): ProcessIdentity | undefined {
  try {
    return parseIdentity(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
