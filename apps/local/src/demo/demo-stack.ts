import { appendFileSync, chmodSync, rmSync } from "node:fs";
import { join } from "node:path";

import { createDocket, type Docket } from "@docket/client";
import { DEMO_SUBJECT, DEMO_TENANT, ensureDemoCases, ensureDemoTenant } from "@docket/demo-data";
import {
  type Environment,
  findJwtSecret,
  homeDirectory,
  homePaths,
  issuerAndAudience,
  runningStack,
  signToken,
} from "@docket/stack";

import { startStack, type Stack } from "../stack.ts";

/** The stack that the demo runs on. */
export type DemoStack = {
  readonly client: Docket;
  readonly contextId: string;
  /** Stops the stack if the demo started it. The logs stay when the demo failed. */
  readonly close: (succeeded: boolean) => Promise<void>;
};

export type DemoStackOptions = {
  /** Holds the state of a stack that the demo starts. */
  readonly directory: string;
  readonly environment: Environment;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
};

/** Uses the stack that is running in `DOCKET_HOME`, or starts one of its own. */
export async function openDemoStack(options: DemoStackOptions): Promise<DemoStack> {
  return (await connectToRunningStack(options)) ?? startOwnStack(options);
}

async function connectToRunningStack({
  environment,
  print,
  signal,
}: DemoStackOptions): Promise<DemoStack | undefined> {
  const home = homeDirectory(environment);
  const stack = runningStack(home);
  const secret = findJwtSecret(environment, home);
  if (stack === undefined || secret === undefined) return undefined;
  const { address } = stack;
  print(`Using the stack that is running in ${home}, at ${address}`);
  const claims = { tenant: DEMO_TENANT, subject: DEMO_SUBJECT, ...issuerAndAudience(environment) };
  const client = createDocket({ baseUrl: address, token: signToken(secret, claims), signal });
  const today = new Date().toISOString().slice(0, 10);
  const context = await ensureDemoTenant(client, today, print);
  await ensureDemoCases(client, context.id, today, print);
  return { client, contextId: context.id, close: async () => undefined };
}

async function startOwnStack(options: DemoStackOptions): Promise<DemoStack> {
  const { directory, print, signal } = options;
  const home = join(directory, "home");
  const log = join(directory, "demo.log");
  // If root starts the stack, Postgres runs as another user, which must be able to traverse the directory.
  chmodSync(directory, 0o711);
  const startedAt = performance.now();
  const stack = await startWithLog(home, log, options);
  if (stack.demo === undefined) {
    await stack.close();
    throw new Error("the demo signs its own token; unset JWT_JWKS_URI");
  }
  const { contextId, token } = stack.demo;
  const client = createDocket({ baseUrl: stack.address, token, signal });
  const { counts } = await client.contexts.get(contextId);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  print(`Ready at ${stack.address} after ${seconds} s. The demo tenant has`);
  print(
    `${counts.transactions} transactions, ${counts.matched} of them matched, and ${counts.exceptions} exceptions.`,
  );
  return {
    client,
    contextId,
    close: async (succeeded) => {
      await stack.close();
      const obsolete = succeeded
        ? [home, log]
        : [homePaths.postgres(home), homePaths.objects(home)];
      for (const path of obsolete) rmSync(path, { recursive: true, force: true });
      if (!succeeded) print(`Logs: ${homePaths.logs(home)}`);
    },
  };
}

async function startWithLog(
  home: string,
  log: string,
  { environment, print, signal }: DemoStackOptions,
): Promise<Stack> {
  try {
    return await startStack({
      home,
      // Any free port, so that the demo runs beside a server on PORT.
      environment: { ...environment, PORT: "0" },
      log: (line) => appendFileSync(log, `${line}\n`),
      step: print,
      signal,
    });
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${message} (logs: ${homePaths.logs(home)})`, { cause: error });
  }
}
