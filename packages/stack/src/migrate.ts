import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
/** The repository: as far above `src/` as above `dist/`. */
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Brings the database up to date with prisma/migrations; returns what the Prisma CLI printed. */
export async function migrate(ownerUrl: string): Promise<string> {
  return prismaMigrate("deploy", ownerUrl);
}

/** Compares the database with prisma/migrations; fails unless it is up to date. */
export async function migrateStatus(ownerUrl: string): Promise<string> {
  return prismaMigrate("status", ownerUrl);
}

async function prismaMigrate(command: "deploy" | "status", ownerUrl: string): Promise<string> {
  const cli = `${root}node_modules/prisma/build/index.js`;
  const args = [cli, "migrate", command, "--config", `${root}prisma/prisma.config.ts`];
  try {
    const { stdout } = await run(process.execPath, args, {
      cwd: root,
      // Only what the CLI needs. The schema engine's first line asks PATH for a Node: ours.
      env: {
        PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
        HOME: homedir(),
        NO_COLOR: "1",
        MIGRATE_DATABASE_URL: ownerUrl,
      },
    });
    return stdout;
  } catch (error) {
    // The command line holds no secret, but the output may repeat the URL.
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const said = `${stdout}\n${stderr}`.replaceAll(ownerUrl, "<url>").trim();
    throw new Error(`prisma migrate ${command} failed: ${said || String(error)}`, { cause: error });
  }
}
