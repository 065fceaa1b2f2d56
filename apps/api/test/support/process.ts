import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { waitFor } from "@docket/testing";

const MAIN = join(__dirname, "../../src/main.ts");
const TSX = createRequire(__filename).resolve("tsx");

/** The API in a process of its own. */
export type Started = {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly out: () => string;
  readonly err: () => string;
  readonly exited: Promise<number | null>;
};

/** Starts the API from source, with no environment but `env` and PATH. */
export function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ["--conditions=@docket/source", "--import", TSX, MAIN], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (err += chunk));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  return { process: child, out: () => out, err: () => err, exited };
}

/** Waits until the API listens. Compiling it takes many seconds on a busy machine. */
export const portOf = ({ out }: Started): Promise<number> =>
  waitFor(
    () => {
      const line = out()
        .split("\n")
        .find((each) => each.includes('"msg":"listening"'));
      return line === undefined ? undefined : (JSON.parse(line) as { port: number }).port;
    },
    { timeoutMs: 40_000 },
  );
