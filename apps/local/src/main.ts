import {
  followNpm,
  homeDirectory,
  HomeInUseError,
  SIGNALS,
  StartError,
  STOP_MS,
} from "@docket/stack";
import { startStack } from "./stack.ts";
import { welcome } from "./welcome.ts";

const stopping = new AbortController();
// Heard again and again: a terminal's Ctrl-C reaches us directly and once more through npm.
for (const signal of SIGNALS) process.on(signal, () => stopping.abort());
if (process.env["npm_lifecycle_event"] !== undefined) followNpm(process, () => stopping.abort());

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const stopped = new Promise<void>((resolve) => {
  stopping.signal.addEventListener("abort", () => {
    say("Stopping.");
    setTimeout(() => process.exit(1), STOP_MS);
    resolve();
  });
});

const home = homeDirectory(process.env);
try {
  say(`Starting Docket in ${home}`);
  const { signal } = stopping;
  const stack = await startStack({ home, environment: process.env, log: say, signal });
  if (!signal.aborted) say(welcome(stack, home));
  await stopped;
  await stack.close();
} catch (error) {
  if (!stopping.signal.aborted) {
    const expected = error instanceof HomeInUseError || error instanceof StartError;
    const { message } = error as Error;
    process.stderr.write(expected ? `${message}\n` : `Docket could not start: ${message}\n`);
    process.exit(1);
  }
}
say("Stopped.");
process.exit(0);
