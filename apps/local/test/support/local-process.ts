import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import { waitFor } from "@docket/testing";

// The compiled program, which `npm start` runs. `npm test` builds it first.
const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const START_TIMEOUT_MS = 180_000;

/** A process of `npm start`. */
export type LocalProcess = {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly exitCode: Promise<number | null>;
};

/** What `npm start` prints once the stack is ready. */
export type PrintedStack = {
  readonly address: string;
  readonly consoleUrl: string;
  readonly contextId: string;
  readonly token: string;
};

/** Starts a stack on a free port. It inherits only PATH from the test's environment. */
export function startLocal(environment: Readonly<Record<string, string>>): LocalProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env["PATH"], PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const exitCode = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { process: child, output: () => output, exitCode };
}

/** Waits until the stack is ready and parses what it has printed. */
export async function waitUntilPrinted(local: LocalProcess): Promise<PrintedStack> {
  const exited = local.exitCode.then(() => {
    throw new Error(`npm start exited: ${local.output()}`);
  });
  const printed = waitFor(() => local.output().includes("Press Ctrl-C to stop"), {
    timeoutMs: START_TIMEOUT_MS,
  });
  await Promise.race([printed, exited]);
  const text = local.output();
  const valueOf = (name: string): string =>
    new RegExp(`^ *${name} +(\\S+)$`, "m").exec(text)?.[1] ?? "";
  return {
    address: valueOf("API"),
    consoleUrl: /^ *(\S+#token=\S+)$/m.exec(text)?.[1] ?? "",
    contextId: valueOf("Context"),
    token: valueOf("Token"),
  };
}
