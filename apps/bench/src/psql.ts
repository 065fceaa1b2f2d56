import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What psql says that it is; undefined where it is not installed. */
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
 * Runs a script, and answers how many seconds its first statement after `\\timing on` took.
 *
 * @throws Error with psql's own words.
 */
export async function timedByPsql(
  url: string,
  script: string,
  signal: AbortSignal,
): Promise<number> {
  const { hostname, port, pathname, username, password } = new URL(url);
  const child = spawn("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"], {
    // Not on the command line, which every user of the machine can read.
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
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  child.stdin.end(script);
  const code = await ended;
  const milliseconds = /^Time: ([\d.]+) ms/m.exec(output)?.[1];
  if (code !== 0 || milliseconds === undefined) throw new Error(`psql failed: ${output.trim()}`);
  return Number(milliseconds) / 1_000;
}
