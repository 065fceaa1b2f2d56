import { once } from "node:events";
import { Worker } from "node:worker_threads";

import type { Report, Target } from "./attacker/tenant.ts";

const PROGRAM = new URL("./attacker/main.js", import.meta.url);

/** An attack that has not ended this long after its time is stopped by force. */
const GRACE_MS = 10_000;

/** Runs an attack in a thread of its own. @throws Error when the thread fails */
export async function runAttack(attack: string, seconds: number, target: Target): Promise<Report> {
  const worker = new Worker(PROGRAM, { workerData: { attack, seconds, target } });
  const timer = setTimeout(() => void worker.terminate(), seconds * 1_000 + GRACE_MS);
  try {
    const report = once(worker, "message").then(([value]) => value as Report);
    const exit = once(worker, "exit").then(() => undefined);
    const ended = await Promise.race([report, exit]);
    return ended ?? { answers: {}, faults: ["the attack did not stop in time"] };
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
