import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../../local/dist/main.js", import.meta.url));

export type Demo = {
  readonly address: string;
  readonly token: string;
  readonly stop: () => Promise<void>;
};

/** `npm start` on a free port, with its state in `home`. Resolves with what its sign-in link says. */
export async function startDemo(home: string): Promise<Demo> {
  // If root starts the stack, Postgres runs as another user, which must be able to traverse the directory.
  chmodSync(home, 0o711);
  const env = { ...process.env, DOCKET_HOME: `${home}/state`, PORT: "0" };
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ["ignore", "pipe", "inherit"] });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "close");
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const link = /(http:\/\/\S+?)\/?#token=(\S+)/.exec(line);
    if (link === null) continue;
    child.stdout.resume();
    return { address: link[1] ?? "", token: link[2] ?? "", stop };
  }
  throw new Error("npm start ended without a sign-in link");
}
