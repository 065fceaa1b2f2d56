import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { lookUpProcess, waitForEnd } from "./processes.ts";

const STOP_MS = 15_000;

/**
 * Clears away what an earlier run left in the cluster's directory when it could not close: the
 * `postmaster.pid` of a server that is gone (Postgres would refuse to start when that pid has become
 * another program's), or a server that outlived the process that had started it. A server whose
 * starter still runs is in use: that is an error.
 */
export async function clearLeftovers(
  directory: string,
  dataDirectory: string,
  log: (line: string) => void,
): Promise<void> {
  const pidFile = join(dataDirectory, "postmaster.pid");
  const pid = await readPid(pidFile);
  if (pid === undefined) return;

  const server = await lookUpProcess(pid);
  if (server === undefined) return; // Postgres sees that by itself.
  if (!server.command.includes(dataDirectory)) {
    log(`process ${pid} is no Postgres of ours; removing the stale ${pidFile}`);
    await rm(pidFile, { force: true });
    return;
  }

  const starter = await readPid(join(directory, "starter.pid"));
  if (server.parent === starter) {
    throw new Error(
      `The Postgres in ${directory} is in use by process ${starter}: stop that first, or use another directory.`,
    );
  }
  log(`stopping the Postgres that an earlier run left behind (process ${pid})`);
  process.kill(pid, "SIGINT");
  if (await waitForEnd(pid, STOP_MS)) return;
  process.kill(pid, "SIGQUIT");
  if (!(await waitForEnd(pid, STOP_MS))) {
    throw new Error(`The Postgres left behind in ${directory} does not stop: end process ${pid}.`);
  }
}

/** Notes who starts the server, for {@link clearLeftovers} of a later run. */
export async function noteStarter(directory: string): Promise<void> {
  await writeFile(join(directory, "starter.pid"), `${process.pid}\n`);
}

async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}
