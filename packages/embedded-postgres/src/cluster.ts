import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { OsUser } from "./os-user.ts";

/** For tests and repairs. */
export const SUPERUSER = "postgres";
/** Owns the database and runs the migrations. Not a superuser, as on a managed server. */
export const OWNER = "docket_owner";
/** Every new cluster has this database. */
export const DATABASE = "docket";

export interface Cluster {
  readonly dataDirectory: string;
  /** The password of both roles. */
  readonly password: string;
}

export interface ClusterOptions {
  readonly directory: string;
  readonly binaries: string;
  readonly user: OsUser | undefined;
  /** Whether a new cluster must be synced to disk before it is used. */
  readonly durable: boolean;
}

/** Opens the cluster in `directory`, or creates it: `data/` and, readable by its owner only, `password`. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { directory, user } = options;
  const dataDirectory = join(directory, "data");
  const passwordFile = join(directory, "password");
  if (existsSync(dataDirectory)) {
    const password = await readFile(passwordFile, "utf8").catch(() => {
      throw new Error(
        `${directory} has a Postgres cluster but no password file. Remove the directory to start with an empty database.`,
      );
    });
    return { dataDirectory, password: password.trim() };
  }

  const password = randomBytes(24).toString("hex");
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.ids.uid, user.ids.gid);

  // Created as a draft and renamed, so that an incomplete cluster is never used.
  const draft = await mkdtemp(join(directory, "draft-"));
  if (user !== undefined) await chown(draft, user.ids.uid, user.ids.gid);
  try {
    await initialize(draft, passwordFile, options);
    await createOwner(draft, password, options);
    await rename(draft, dataDirectory);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { dataDirectory, password };
}

async function initialize(
  draft: string,
  passwordFile: string,
  { binaries, user, durable }: ClusterOptions,
): Promise<void> {
  const args = [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // A builtin locale sorts alike on every machine.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    ...(durable ? [] : ["--no-sync"]),
  ];
  await runProgram(join(binaries, "initdb"), args, "", user);
}

/** Creates the owner and its database in single-user mode, before anybody can connect. */
async function createOwner(
  draft: string,
  password: string,
  { binaries, user, durable }: ClusterOptions,
): Promise<void> {
  const sql = [
    `CREATE ROLE ${OWNER} LOGIN CREATEROLE CREATEDB PASSWORD '${password}';`,
    `CREATE DATABASE ${DATABASE} OWNER ${OWNER};`,
    "",
  ].join("\n");
  const args = ["--single", ...(durable ? [] : ["-F"]), "-D", draft, "postgres"];
  await runProgram(join(binaries, "postgres"), args, sql, user);
}

/** Runs a program as `user` with `input` on its stdin. @throws Error with its output when it fails. */
async function runProgram(
  program: string,
  args: readonly string[],
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
      // Single-user Postgres exits with 0 even when a statement failed.
      if (code === 0 && !/^.*\b(ERROR|FATAL|PANIC):/m.test(output)) resolve();
      else
        reject(new Error(`${program} failed (${signal ?? code}): ${output.trim().slice(-2000)}`));
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
