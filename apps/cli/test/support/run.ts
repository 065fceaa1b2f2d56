import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import type { Environment } from "@docket/stack";

import { runCli } from "../../src/run.ts";

export type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a command line in this process. */
export async function docket(
  args: readonly string[],
  environment: Environment,
  signal: AbortSignal = new AbortController().signal,
): Promise<Ended> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const code = await runCli(args, { environment, out, err, signal });
  out.end();
  err.end();
  return { code, out: await text(out), err: await text(err) };
}
