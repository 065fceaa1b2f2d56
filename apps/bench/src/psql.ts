import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The output of `psql --version`; undefined when psql is not installed. */
export async function psqlVersion(signal: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout } = await run("psql", ["--version"], { signal });
    return stdout.trim();
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/**
 * Runs a script and returns the duration, in seconds, of the first statement after `\\timing on`.
 *
 * @throws Error with psql's output.
 */
export async function timeWithPsql(
  url: string,
  script: string,
  signal: AbortSignal,
): Promise<number> {
  const { hostname, port, pathname, username, password } = new URL(url);
  const child = spawn("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"], {
    // In the environment, because every user of the machine can read command lines.
    env: {
      PGHOST: hostname,
      PGPORT: port,
      PGDATABASE: pathname.slice(1),
      LC_ALL: "C",
      PGUSER: decodeURIComponent(username),
      PGPASSWORD: decodeURIComponent(password),
    },
    stdio: ["pipe", "pipe", "pipe"],
    signal,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  child.stdin.end(script);
  const exitCode = await closed;
  const milliseconds = /^Time: ([\d.]+) ms/m.exec(output)?.[1];
  if (exitCode !== 0 || milliseconds === undefined) {
    throw new Error(`psql failed: ${output.trim()}`);
  }
  return Number(milliseconds) / 1_000;
}
