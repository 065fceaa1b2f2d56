import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isRunning, markProcess, readMark, type ProcessMark } from "./process-identity.ts";

/** Another stack runs on this directory. */
export class HomeInUseError extends Error {
  override readonly name = "HomeInUseError";
}

const ATTEMPTS = 10;

/**
 * Takes the directory for this process. A lock whose process is gone (`kill -9`, a power cut) counts for nothing.
 *
 * @returns what gives it back.
 * @throws HomeInUseError when another process has it.
 */
export function lockHome(directory: string): () => void {
  const lock = join(directory, "lock");
  const own = JSON.stringify(markProcess(process.pid));
  // Written aside and linked: the lock is never there without its content.
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, own, { mode: 0o600 });
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if (tryLink(draft, lock)) return () => releaseLock(lock, own);
      const found = readText(lock);
      const holder = parseMark(found);
      if (holder !== undefined && isRunning(holder)) throw inUse(directory, holder);
      if (found !== undefined) removeStale(lock, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new HomeInUseError(`Other processes keep starting in ${directory}.`);
}

/** The process that holds the directory at this moment, if there is one. */
export function holderOf(directory: string): ProcessMark | undefined {
  const holder = parseMark(readText(join(directory, "lock")));
  return holder !== undefined && isRunning(holder) ? holder : undefined;
}

const inUse = (directory: string, holder: ProcessMark): HomeInUseError =>
  new HomeInUseError(
    `Docket is already running in ${directory} (process ${holder.pid}): stop that one first, or set DOCKET_HOME to another directory.`,
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

/** Two starts may find the same stale lock: what is moved away is looked at, and put back when it is a live one's. */
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

function releaseLock(lock: string, own: string): void {
  if (readText(lock) === own) rmSync(lock, { force: true });
}

function parseMark(text: string | undefined): ProcessMark | undefined {
  try {
    return readMark(JSON.parse(text ?? ""));
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
