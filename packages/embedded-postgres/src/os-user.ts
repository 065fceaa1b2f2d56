import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const NAME = "postgres";

/** The OS user that runs the server when this process is root. Postgres refuses to run as root. */
export interface OsUser {
  readonly name: string;
  readonly ids: { readonly uid: number; readonly gid: number };
}

/** The OS user to run Postgres as, created when it is missing; undefined when this process is not root. */
export async function ensurePostgresUser(): Promise<OsUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await lookUpUser();
  if (existing !== undefined) return existing;
  await run("useradd", ["--system", "--user-group", "--no-create-home", NAME]).catch(() => {});
  const created = await lookUpUser();
  if (created === undefined) {
    throw new Error(
      `Postgres cannot run as root, and the user ${NAME} could not be created. ` +
        `Run \`useradd --system ${NAME}\`, or start as another user.`,
    );
  }
  return created;
}

async function lookUpUser(): Promise<OsUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", NAME]), run("id", ["-g", NAME])]);
    return { name: NAME, ids: { uid: Number(uid.stdout), gid: Number(gid.stdout) } };
  } catch {
    return undefined;
  }
}
