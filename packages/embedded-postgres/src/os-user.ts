import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { SHARED_ROOT } from "./binaries.ts";

const run = promisify(execFile);
const NAME = "postgres";

/** The OS user that the server runs as when we are root, which Postgres refuses. */
export interface OsUser {
  readonly name: string;
  readonly ids: { readonly uid: number; readonly gid: number };
}

/** The user to run Postgres as: none when we are an ordinary user; made at need when we are root. */
export async function postgresUser(): Promise<OsUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUp();
  if (known !== undefined) return known;
  await run("useradd", ["--system", "--user-group", "--no-create-home", NAME]).catch(() => {});
  const made = await lookUp();
  if (made === undefined) {
    throw new Error(
      `Postgres cannot run as root and the user ${NAME} could not be created: run \`useradd --system ${NAME}\`, or start as another user.`,
    );
  }
  return made;
}

/**
 * Makes `directory` ready for Postgres and returns it; or, where `user` cannot get at it (below a
 * home that only root may enter), a directory of the same use below {@link SHARED_ROOT}.
 */
export async function prepareDirectory(
  directory: string,
  user: OsUser | undefined,
  log: (line: string) => void,
): Promise<string> {
  const wanted = resolve(directory);
  await mkdir(wanted, { recursive: true });
  if (user === undefined) {
    await chmod(wanted, 0o700);
    return wanted;
  }
  await own(wanted, user);
  if (await canWrite(wanted, user)) return wanted;

  const key = createHash("sha256").update(wanted).digest("hex").slice(0, 12);
  const place = join(SHARED_ROOT, `data-${key}`);
  await mkdir(place, { recursive: true });
  await own(place, user);
  if (!(await canWrite(place, user))) {
    throw new Error(
      `Postgres cannot run as root, and user ${user.name} can reach neither ${wanted} nor ${place}: ` +
        `choose a data directory that ${user.name} may enter, or start as another user.`,
    );
  }
  log(`user ${user.name} cannot enter ${wanted}; the data is kept in ${place}`);
  return place;
}

async function own(directory: string, user: OsUser): Promise<void> {
  await chown(directory, user.ids.uid, user.ids.gid);
  await chmod(directory, 0o700);
}

async function canWrite(directory: string, user: OsUser): Promise<boolean> {
  return run("test", ["-w", directory], { cwd: "/", ...user.ids }).then(
    () => true,
    () => false,
  );
}

async function lookUp(): Promise<OsUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", NAME]), run("id", ["-g", NAME])]);
    return { name: NAME, ids: { uid: Number(uid.stdout), gid: Number(gid.stdout) } };
  } catch {
    return undefined;
  }
}
