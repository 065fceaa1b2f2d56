import { appendFileSync, chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import {
  type Environment,
  homeDirectory,
  inHome,
  issuedBy,
  readSecrets,
  runningStack,
  signToken,
} from "@docket/stack";
import { createClient, type Client } from "@docket/client";
import { contestException } from "./dispute.ts";
import { exportEverything } from "./exports.ts";
import { createProgress, type Output, resultTable } from "@docket/terminal";
import { DEMO_SUBJECT, DEMO_TENANT, ensureDemoTenant } from "@docket/demo-data";
import { startStack } from "../stack.ts";

export type DemoOptions = {
  /** A new directory: the files stay in it, the rest of it goes when all went well. */
  readonly directory: string;
  readonly environment: Environment;
  readonly output: Output;
  readonly signal: AbortSignal;
};

/** A Docket to show, and how to leave it. */
type Stage = {
  readonly client: Client;
  readonly contextId: string;
  /** Told whether all went well. */
  readonly leave: (well: boolean) => Promise<void>;
};

/**
 * Docket's main job from end to end, on a stack of the demo's own or on the one that runs in `DOCKET_HOME`:
 * every report in every format is ordered, followed, downloaded and checked, and an exception is contested.
 *
 * @throws Error that says in a sentence what went wrong.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { directory, output, signal } = options;
  const began = performance.now();
  const say = (line = ""): void => void output.write(`${line}\n`);
  const files = join(directory, "files");
  mkdirSync(files);

  const stage = await setStage(options, say);
  let well = false;
  try {
    say();
    say("Exporting the four reports in three formats:");
    const progress = createProgress(output);
    const { client, contextId } = stage;
    const results = await exportEverything({ client, contextId, files, progress, signal }).finally(
      progress.stop,
    );
    say();
    say(resultTable(results));
    say();
    const disputed = join(files, "dispute");
    mkdirSync(disputed);
    await contestException({ client, contextId, files: disputed, signal, say });
    say();
    say(`All ${results.length} exports are in ${files}, and the dispute's files in ${disputed}`);
    well = true;
  } finally {
    await stage.leave(well);
  }
  say(`Done in ${((performance.now() - began) / 1_000).toFixed(1)} s.`);
}

async function setStage(options: DemoOptions, say: (line: string) => void): Promise<Stage> {
  return (await borrowStack(options, say)) ?? ownStack(options, say);
}

/** The stack that already runs in `DOCKET_HOME`, if there is one. */
async function borrowStack(
  { environment, signal }: DemoOptions,
  say: (line: string) => void,
): Promise<Stage | undefined> {
  const home = homeDirectory(environment);
  const running = runningStack(home);
  const secret = environment["JWT_SECRET"] || readSecrets(home)?.jwtSecret;
  if (running === undefined || secret === undefined) return undefined;
  say(`Using the stack that runs in ${home}, ${running.address}`);
  const who = { tenant: DEMO_TENANT, subject: DEMO_SUBJECT, ...issuedBy(environment) };
  const client = createClient({
    address: running.address,
    token: signToken(secret, who),
    signal,
  });
  const today = new Date().toISOString().slice(0, 10);
  const context = await ensureDemoTenant(client, today, () => undefined);
  return { client, contextId: context.id, leave: async () => undefined };
}

async function ownStack(
  { directory, environment, signal }: DemoOptions,
  say: (line: string) => void,
): Promise<Stage> {
  const home = join(directory, "home");
  const log = join(directory, "demo.log");
  // Postgres may have to run as another user, who must be able to pass through.
  chmodSync(directory, 0o711);
  say("Starting Postgres, the queue, an object store, the API and a worker …");
  const began = performance.now();
  const stack = await startStack({
    home,
    // Nothing of it is for long: any free port will do, whatever PORT says.
    environment: { ...environment, PORT: "0" },
    log: (line) => appendFileSync(log, `${line}\n`),
    signal,
  }).catch((error: unknown) => {
    throw new Error(`${(error as Error).message} (logs: ${inHome.logs(home)})`, { cause: error });
  });
  if (stack.demo === undefined) {
    await stack.close();
    throw new Error("the demo signs its own token: unset JWT_JWKS_URI");
  }
  const { contextId, token } = stack.demo;
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const client = createClient({ address: stack.address, token, signal });
  const counts = await client.contextCounts(contextId);
  say(`Ready at ${stack.address} after ${seconds} s, with ${counts.transactions} transactions`);
  say(`of a demo tenant, ${counts.matched} of them matched; ${counts.exceptions} exceptions.`);
  return {
    client,
    contextId,
    leave: async (well) => {
      await stack.close();
      // The logs stay when something is to be looked up in them.
      const gone = well ? [home, log] : [inHome.postgres(home), inHome.objects(home)];
      for (const path of gone) rmSync(path, { recursive: true, force: true });
      if (!well) say(`Logs: ${inHome.logs(home)}`);
    },
  };
}
