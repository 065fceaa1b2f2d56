import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Attack } from "./attacks.ts";

/** Functions that take a caller's text. They refuse it with a DocketError or an S3Error, and throw nothing else. */
export type Targets = Readonly<Record<string, (text: string) => unknown>>;

/** What the victim's process reports: that it is ready, or the end of an attack. */
export type Report = { readonly unexpectedError?: string };

/** A process that an attack may freeze. */
export type Victim = {
  /** Rejects at the first attack that the target does not finish in 2 s, or on which it throws anything but a refusal. */
  readonly attack: (target: string, attacks: readonly Attack[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

const PROCESS = join(__dirname, "victim-process.ts");
const TSX = createRequire(__filename).resolve("tsx");

const LIMIT_MS = 2_000;
const TOO_SLOW = `not finished after ${LIMIT_MS / 1_000} s`;

/** @param modulePath a module that exports {@link Targets} as `targets`. */
export function createVictim(modulePath: string): Victim {
  let running: ChildProcess | undefined;
  const close = async (): Promise<void> => {
    const child = running;
    running = undefined;
    if (child === undefined || hasExited(child)) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return {
    attack: async (target, attacks) => {
      running ??= await start(modulePath);
      for (const attack of attacks) {
        running.send({ target, attack });
        const report = await nextReport(running, LIMIT_MS);
        const fault = report === undefined ? TOO_SLOW : report.unexpectedError;
        if (fault === undefined) continue;
        await close();
        throw new Error(`${target}, given ${JSON.stringify(attack)}: ${fault}`);
      }
    },
    close,
  };
}

const hasExited = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

const START_MS = 50_000;

async function start(modulePath: string): Promise<ChildProcess> {
  const execArgv = ["--conditions=@docket/source", "--import", TSX];
  const child = fork(PROCESS, [modulePath], { execArgv });
  if ((await nextReport(child, START_MS)) !== undefined) return child;
  child.kill("SIGKILL");
  throw new Error("the victim's process did not start");
}

/** Undefined if the process exits first, or does not report in time. */
async function nextReport(child: ChildProcess, ms: number): Promise<Report | undefined> {
  const ended = new AbortController();
  const { signal } = ended;
  const timer = setTimeout(() => ended.abort(), ms);
  try {
    return await Promise.race([
      once(child, "message", { signal }).then(([report]) => report as Report),
      once(child, "exit", { signal }).then(() => undefined),
    ]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}
