import {
  abortOnStop,
  homeDirectory,
  HomeInUseError,
  StartError,
  STOP_TIMEOUT_MS,
} from "@docket/stack";

import { startStack } from "./stack.ts";
import { startupMessage } from "./startup-message.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const signal = abortOnStop(process);
const stopped = new Promise<void>((resolve) => {
  signal.addEventListener("abort", () => {
    print("Stopping.");
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS);
    resolve();
  });
});

const home = homeDirectory(process.env);
try {
  print(`Starting Docket in ${home}`);
  const stack = await startStack({
    home,
    environment: process.env,
    log: print,
    step: print,
    signal,
  });
  if (!signal.aborted) print(startupMessage(stack, home));
  await stopped;
  await stack.close();
} catch (error) {
  if (!signal.aborted) {
    const isExpected = error instanceof HomeInUseError || error instanceof StartError;
    const { message } = error as Error;
    process.stderr.write(isExpected ? `${message}\n` : `Docket could not start: ${message}\n`);
    process.exit(1);
  }
}
print("Stopped.");
process.exit(0);
