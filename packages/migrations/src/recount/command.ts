import { parseArgs } from "node:util";
import { isUuid, OWNER_URL_MISSING, type Outcome } from "../outcome.ts";
import { recount } from "./recount.ts";

const USAGE = "Usage: MIGRATE_DATABASE_URL=… npm run recount -- --context ID";

/** `npm run recount`: recounts a context, repairs its counters and reports those that were wrong. */
export async function runRecount(
  args: readonly string[],
  ownerUrl: string | undefined,
): Promise<Outcome> {
  const contextId = contextOf(args);
  if (contextId === undefined) return { exitCode: 2, text: `--context must be a UUID. ${USAGE}` };
  if (ownerUrl === undefined || ownerUrl === "") return OWNER_URL_MISSING;
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
    return isUuid(context) ? context : undefined;
  } catch {
    return undefined;
  }
}
