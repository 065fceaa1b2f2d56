import type { ChainHead } from "@docket/domain";
import type { Environment } from "@docket/stack";
import { UsageError } from "@docket/terminal";
import { findDestination } from "../load/command.ts";
import { parseOptions } from "../parse-options.ts";
import type { FeedAddress } from "./verify.ts";

const USAGE =
  "npm run verify-events -- [--head SEQ:HASH] [--tenant UUID] [--url URL, with DOCKET_TOKEN]";

export type VerifyCommand = { readonly feed: FeedAddress; readonly kept?: ChainHead };

/** Parses `npm run verify-events`. The feed is found as `npm run load` finds its destination. @throws UsageError */
export function parseVerifyCommand(
  args: readonly string[],
  environment: Environment,
): VerifyCommand {
  const string = { type: "string" } as const;
  const options = { head: string, tenant: string, url: string };
  const { head, tenant, url } = parseOptions({ args: [...args], options }, USAGE).values;
  const feed = findDestination({
    url,
    tenant,
    environment,
    subject: "verify-events",
    permissions: PERMISSIONS,
  });
  return head === undefined ? { feed } : { feed, kept: parseHead(head) };
}

/** Without the permissions of the families, their data is not verified. */
const PERMISSIONS = [
  "event:read",
  "context:read",
  "export-job:read",
  "exception:read",
  "dispute:read",
  "webhook:read",
];

function parseHead(text: string): ChainHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new UsageError(`--head must be SEQ:HASH, as this command prints it. Usage: ${USAGE}`);
  return { seq: Number(seq), hash };
}
