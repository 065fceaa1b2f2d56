import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createDocket, type Docket } from "@docket/client";

import { missingPrograms, runGuide, type GuideOptions, type GuideResult } from "./guide.ts";
import { startLocal, waitUntilPrinted } from "./local-process.ts";

/** A running stack for the commands of a guide. */
export type GuideStage = {
  /** With the demo tenant's token. */
  readonly client: Docket;
  readonly run: (
    options: Pick<GuideOptions, "commands" | "assign" | "environment">,
  ) => Promise<GuideResult>;
  /** Stops the stack and removes all files, including those of the guides. */
  readonly close: () => Promise<void>;
};

export async function createGuideStage(): Promise<GuideStage> {
  const directory = await mkdtemp(join(tmpdir(), "docket-guides-"));
  // If root starts the stack, Postgres runs as another user, which must be able to traverse the directory.
  await chmod(directory, 0o711);
  const home = join(directory, "home");
  const local = startLocal({ DOCKET_HOME: home });
  const close = async (): Promise<void> => {
    local.process.kill("SIGTERM");
    await local.exitCode;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const { address, token } = await waitUntilPrinted(local);
    const client = createDocket({ baseUrl: address, token });
    return {
      client,
      run: ({ assign, ...options }) => {
        // The command line finds the stack by its home.
        const base = /^BASE=/m.test(options.commands) ? { BASE: address } : {};
        return runGuide({ ...options, assign: { ...base, ...assign }, home, directory });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Why the guides cannot be run on this machine; empty when they can. */
export const missingForGuides = (): string =>
  missingPrograms()
    .map((name) => `${name} is not installed`)
    .join(", ");
