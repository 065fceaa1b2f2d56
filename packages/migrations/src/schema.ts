import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
/** The repository root, at the same distance from `src/` and from `dist/`. */
const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Applies the pending migrations of prisma/migrations. Creates the database if it does not exist.
 *
 * @returns the output of the Prisma CLI.
 * @throws Error with the CLI's output; the URL is masked.
 */
export const deploySchema = (ownerUrl: string): Promise<string> => prisma("deploy", ownerUrl);

/**
 * Compares the database with prisma/migrations.
 *
 * @throws Error unless every migration is applied.
 */
export const schemaStatus = (ownerUrl: string): Promise<string> => prisma("status", ownerUrl);

async function prisma(command: "deploy" | "status", ownerUrl: string): Promise<string> {
  const cli = `${root}node_modules/prisma/build/index.js`;
  const args = [cli, "migrate", command, "--config", `${root}prisma/prisma.config.ts`];
  try {
    const { stdout } = await run(process.execPath, args, {
      cwd: root,
      // The schema engine's shebang looks for `node` on the PATH: make it find the Node that runs this process.
      env: {
        PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
        HOME: homedir(),
        NO_COLOR: "1",
        MIGRATE_DATABASE_URL: ownerUrl,
      },
    });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`.replaceAll(ownerUrl, "<url>").trim();
    throw new Error(`prisma migrate ${command} failed: ${output || String(error)}`, {
      cause: error,
    });
  }
}
