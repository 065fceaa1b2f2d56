import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import { waitFor } from "@docket/testing";

// Built, as `npm test` does first: these are the processes that `npm start` runs.
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const STARTS_MS = 120_000;

/** A stack as `npm start` starts it. */
export type Started = {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
};

/** What it shows once it is ready. */
export type Welcome = {
  readonly address: string;
  readonly context: string;
  readonly token: string;
};

/** Starts a stack on a free port, with nothing of the test's environment but PATH. */
export function startMain(environment: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env["PATH"], PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { process: child, output: () => output, ended };
}

/** Waits for the welcome and reads it, as a person would. */
export async function ready(stack: Started): Promise<Welcome> {
  const died = stack.ended.then(() => {
    throw new Error(`It ended: ${stack.output()}`);
  });
  const welcomed = waitFor(() => stack.output().includes("Ctrl-C stops everything"), {
    timeoutMs: STARTS_MS,
  });
  await Promise.race([welcomed, died]);
  const text = stack.output();
  const shown = (name: string): string => new RegExp(`${name} +(\\S+)`).exec(text)?.[1] ?? "";
  return { address: shown("API"), context: shown("Context"), token: shown("Token") };
}
