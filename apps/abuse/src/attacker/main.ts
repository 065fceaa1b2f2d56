import { setMaxListeners } from "node:events";
import { parentPort, workerData } from "node:worker_threads";

import { findAttack } from "../attacks/index.ts";
import { createTenant, type Target } from "./tenant.ts";

/* A thread of its own, so that the work of an attack does not delay the measurements of the victim. */

const { attack, seconds, target } = workerData as {
  readonly attack: string;
  readonly seconds: number;
  readonly target: Target;
};

const ending = new AbortController();
const { signal } = ending;
// Every connection listens.
setMaxListeners(0, signal);
const timer = setTimeout(() => ending.abort(), seconds * 1_000);
const tenant = createTenant(target, signal);
try {
  await findAttack(attack).run(signal, tenant);
} catch (error) {
  // What the signal cuts off fails.
  if (!signal.aborted) tenant.addFault(`the attack failed: ${(error as Error).message}`);
}
clearTimeout(timer);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
parentPort!.postMessage(tenant.report());
