import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { OsUser } from "./os-user.ts";

/** Initialises and may do anything; for tests and repairs. */
export const SUPERUSER = "postgres";
/** Owns the database and runs the migrations, without being a superuser: as on a managed server. */
export const OWNER = "docket_owner";
/** The database that a new cluster comes with. */
export const DATABASE = "docket";

/** Where a cluster is and how its roles log in. */
export interface Cluster {
  readonly dataDirectory: string;
  readonly password: string;
}

/**
 * Finds the cluster in `directory`, or makes it: `data/` and, readable by its owner only, `password`.
 * Durable means that what was made is on the disk before this returns.
 */
export async function openCluster(
  directory: string,
  binaries: string,
  user: OsUser | undefined,
  durable: boolean,
): Promise<Cluster> {
  const dataDirectory = join(directory, "data");
  const passwordFile = join(directory, "password");
  if (await exists(dataDirectory)) {
    const password = await readFile(passwordFile, "utf8").catch(() => {
      throw new Error(
        `${directory} holds a Postgres but no password file: remove it to start anew.`,
      );
    });
    return { dataDirectory, password: password.trim() };
  }

  const password = randomBytes(24).toString("hex");
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.ids.uid, user.ids.gid);

  // Made aside and renamed when whole, so that a cluster cut short is never taken for a good one.
  const draft = await mkdtemp(join(directory, "draft-"));
  if (user !== undefined) await chown(draft, user.ids.uid, user.ids.gid);
  try {
    await initialise({ draft, passwordFile, password, binaries, user, durable });
    await rename(draft, dataDirectory);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { dataDirectory, password };
}

interface Draft {
  readonly draft: string;
  readonly passwordFile: string;
  readonly password: string;
  readonly binaries: string;
  readonly user: OsUser | undefined;
  readonly durable: boolean;
}

async function initialise({
  draft,
  passwordFile,
  password,
  binaries,
  user,
  durable,
}: Draft): Promise<void> {
  const init = [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Built in, so that texts sort alike on every machine, whatever locales it has.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    ...(durable ? [] : ["--no-sync"]),
  ];
  await feed(join(binaries, "initdb"), init, "", user);

  // Single-user mode: the owner and its database are there before anybody can connect.
  const setUp = [
    `CREATE ROLE ${OWNER} LOGIN CREATEROLE CREATEDB PASSWORD '${password}';`,
    `CREATE DATABASE ${DATABASE} OWNER ${OWNER};`,
    "",
  ].join("\n");
  const single = ["--single", ...(durable ? [] : ["-F"]), "-D", draft, "postgres"];
  await feed(join(binaries, "postgres"), single, setUp, user);
}

/** Runs a program as `user` with `input` on its stdin, to its end. */
async function feed(
  program: string,
  args: string[],
  input: string,
  user: OsUser | undefined,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, { cwd: "/", stdio: ["pipe", "pipe", "pipe"], ...user?.ids });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      // Single-user Postgres ends well even after a statement failed.
      if (code === 0 && !/^.*\b(ERROR|FATAL|PANIC):/m.test(output)) resolve();
      else
        reject(new Error(`${program} failed (${signal ?? code}): ${output.trim().slice(-2000)}`));
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
