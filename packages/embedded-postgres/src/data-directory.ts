import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import type { OsUser } from "./os-user.ts";
import { SYSTEM_DIRECTORY } from "./system-directory.ts";

const run = promisify(execFile);

/**
 * Prepares `directory` for Postgres and returns it. When `user` cannot reach it, for example below root's home directory,
 * prepares and returns a directory below {@link SYSTEM_DIRECTORY} instead, always the same one for the same path.
 */
export async function prepareDirectory(
  directory: string,
  user: OsUser | undefined,
  log: (line: string) => void,
): Promise<string> {
  const requested = resolve(directory);
  await mkdir(requested, { recursive: true });
  if (user === undefined) {
    await chmod(requested, 0o700);
    return requested;
  }
  await giveTo(user, requested);
  if (await canWrite(requested, user)) return requested;

  const key = createHash("sha256").update(requested).digest("hex").slice(0, 12);
  const fallback = join(SYSTEM_DIRECTORY, `data-${key}`);
  await mkdir(fallback, { recursive: true });
  await giveTo(user, fallback);
  if (!(await canWrite(fallback, user))) {
    throw new Error(
      `Postgres cannot run as root, and user ${user.name} can reach neither ${requested} nor ${fallback}. ` +
        `Choose a data directory that ${user.name} can reach, or start as another user.`,
    );
  }
  log(`user ${user.name} cannot reach ${requested}, keeping the data in ${fallback}`);
  return fallback;
}

async function giveTo(user: OsUser, directory: string): Promise<void> {
  await chown(directory, user.ids.uid, user.ids.gid);
  await chmod(directory, 0o700);
}

async function canWrite(directory: string, user: OsUser): Promise<boolean> {
  return run("test", ["-w", directory], { cwd: "/", ...user.ids }).then(
    () => true,
    () => false,
  );
}
