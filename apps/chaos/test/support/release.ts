import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, symlink } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { waitFor } from "@docket/testing";

const run = promisify(execFile);

/** The directory of this release. */
export const currentRelease = fileURLToPath(new URL("../../../../", import.meta.url));

/**
 * Builds the API and the worker of an earlier commit in a temporary directory. The dependencies are those that are
 * installed now.
 *
 * @throws Error when the repository's history does not hold the commit.
 */
export async function buildRelease(commit: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "docket-release-"));
  const archive = join(directory, "release.tar");
  await run("git", ["archive", "--output", archive, commit], { cwd: currentRelease });
  await run("tar", ["-xf", archive], { cwd: directory });
  await linkModules(directory);
  const node = (...args: string[]) => run(process.execPath, args, { cwd: directory });
  const prisma = "node_modules/prisma/build/index.js";
  await node(prisma, "generate", "--config", "prisma/prisma.config.ts");
  await run("node_modules/.bin/tsc", ["-b", "apps/api", "apps/worker"], { cwd: directory });
  return directory;
}

/** Links the installed packages, and the release's own workspaces in place of this release's. */
async function linkModules(directory: string): Promise<void> {
  const installed = join(currentRelease, "node_modules");
  const modules = join(directory, "node_modules");
  await mkdir(join(modules, "@docket"), { recursive: true });
  for (const name of await readdir(installed))
    if (name !== "@docket") await symlink(join(installed, name), join(modules, name));
  for (const group of ["apps", "packages"])
    for (const name of await readdir(join(directory, group)))
      await symlink(join(directory, group, name), join(modules, "@docket", name));
}

/** Applies a release's own migrations. */
export async function deploySchemaOf(release: string, ownerUrl: string): Promise<void> {
  const args = ["node_modules/prisma/build/index.js", "migrate", "deploy"];
  await run(process.execPath, [...args, "--config", "prisma/prisma.config.ts"], {
    cwd: release,
    env: { ...process.env, MIGRATE_DATABASE_URL: ownerUrl },
  });
}

export type Process = { readonly kill: (signal?: NodeJS.Signals) => Promise<void> };

/** Starts the API of a release and waits until it is ready. */
export async function startApi(
  release: string,
  environment: Readonly<Record<string, string>>,
): Promise<Process & { readonly address: string }> {
  const port = String(await freePort());
  const address = `http://127.0.0.1:${port}`;
  const api = start(release, "api", { ...environment, HOST: "127.0.0.1", PORT: port });
  await waitFor(async () => (await fetch(`${address}/readyz`).catch(() => undefined))?.ok, {
    timeoutMs: 60_000,
  });
  return { ...api, address };
}

/** Starts a worker of a release. */
export const startWorker = (
  release: string,
  environment: Readonly<Record<string, string>>,
): Process => start(release, "worker", environment);

function start(
  release: string,
  app: "api" | "worker",
  environment: Readonly<Record<string, string>>,
): Process {
  const child = spawn(process.execPath, [join(release, `apps/${app}/dist/main.js`)], {
    env: { PATH: process.env["PATH"], LOG_LEVEL: "warn", ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return { kill: (signal = "SIGTERM") => kill(child, signal) };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
