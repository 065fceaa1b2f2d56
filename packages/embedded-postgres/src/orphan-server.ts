import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { lookUpProcess, waitForExit } from "./processes.ts";

const STOP_TIMEOUT_MS = 15_000;

/**
 * Clears what an earlier run left in the cluster's directory when it could not close: a server that outlived the
 * process that started it, or a stale `postmaster.pid`, which keeps Postgres from starting once its pid has been reused.
 *
 * @throws Error when the process that started the server is still running.
 */
export async function stopOrphanServer(
  directory: string,
  dataDirectory: string,
  log: (line: string) => void,
): Promise<void> {
  const pidFile = join(dataDirectory, "postmaster.pid");
  const pid = await readPid(pidFile);
  if (pid === undefined) return;

  const server = await lookUpProcess(pid);
  if (server === undefined) return; // Postgres itself detects a pid that is not in use.
  if (!server.command.includes(dataDirectory)) {
    log(`process ${pid} is not this directory's Postgres, removing the stale ${pidFile}`);
    await rm(pidFile, { force: true });
    return;
  }

  const starter = await readPid(join(directory, "starter.pid"));
  if (server.parent === starter) {
    throw new Error(
      `The Postgres in ${directory} is in use by process ${starter}. Stop it first, or use another directory.`,
    );
  }
  log(`stopping orphan Postgres of an earlier run (process ${pid})`);
  process.kill(pid, "SIGINT");
  if (await waitForExit(pid, STOP_TIMEOUT_MS)) return;
  process.kill(pid, "SIGQUIT");
  if (!(await waitForExit(pid, STOP_TIMEOUT_MS))) {
    throw new Error(`The orphan Postgres in ${directory} does not stop. Kill process ${pid}.`);
  }
}

/** Records that this process starts the server, for {@link stopOrphanServer} of a later run. */
export async function recordStarter(directory: string): Promise<void> {
  await writeFile(join(directory, "starter.pid"), `${process.pid}\n`);
}

async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}
