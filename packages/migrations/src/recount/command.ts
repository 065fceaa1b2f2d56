import { parseArgs } from "node:util";
import { recount } from "./recount.ts";

const USAGE = "Usage: MIGRATE_DATABASE_URL=… npm run recount -- --context ID";

/** What a command prints, and its exit code: 0 for success, 1 for a failure, 2 for a wrong command line. */
type Outcome = { readonly exitCode: 0 | 1 | 2; readonly text: string };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `npm run recount`: recounts a context, repairs its counters and reports those that were wrong. */
export async function runRecount(
  args: readonly string[],
  ownerUrl: string | undefined,
): Promise<Outcome> {
  const contextId = contextOf(args);
  if (contextId === undefined) return { exitCode: 2, text: `--context must be a UUID. ${USAGE}` };
  if (ownerUrl === undefined || ownerUrl === "") {
    const text = "MIGRATE_DATABASE_URL must be set to the URL of the tables' owner";
    return { exitCode: 2, text };
  }
  const corrections = await recount(ownerUrl, contextId);
  if (corrections === undefined) {
    return { exitCode: 1, text: `There is no context ${contextId}` };
  }
  const lines = corrections.map(
    ({ counter, stored, counted }) =>
      `${counter}: ${stored.count} (amount ${stored.amount}) corrected to ${counted.count} (amount ${counted.amount})`,
  );
  const total =
    lines.length === 0
      ? `context ${contextId}: all counters are right`
      : `context ${contextId}: ${lines.length} counters corrected`;
  return { exitCode: 0, text: [...lines, total].join("\n") };
}

function contextOf(args: readonly string[]): string | undefined {
  try {
    const options = { context: { type: "string" } } as const;
    const { context = "" } = parseArgs({ args: [...args], options }).values;
    return UUID.test(context) ? context : undefined;
  } catch {
    return undefined;
  }
}
