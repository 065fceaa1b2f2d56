import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
/** The repository. `src/` and `dist/` are equally deep. */
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Applies prisma/migrations to the database and returns the Prisma CLI's output. */
export async function migrate(ownerUrl: string): Promise<string> {
  return prismaMigrate("deploy", ownerUrl);
}

/** Compares the database with prisma/migrations. @throws Error unless it is up to date. */
export async function migrateStatus(ownerUrl: string): Promise<string> {
  return prismaMigrate("status", ownerUrl);
}

async function prismaMigrate(command: "deploy" | "status", ownerUrl: string): Promise<string> {
  const cli = `${root}node_modules/prisma/build/index.js`;
  const args = [cli, "migrate", command, "--config", `${root}prisma/prisma.config.ts`];
  try {
    const { stdout } = await run(process.execPath, args, {
      cwd: root,
      // Only what the CLI needs. The schema engine is a script that looks up `node` in PATH: this one comes first.
      env: {
        PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
        HOME: homedir(),
        NO_COLOR: "1",
        MIGRATE_DATABASE_URL: ownerUrl,
      },
    });
    return stdout;
  } catch (error) {
    // The output may contain the URL with its password.
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`.replaceAll(ownerUrl, "<url>").trim();
    throw new Error(`prisma migrate ${command} failed: ${output || String(error)}`, {
      cause: error,
    });
  }
}
