import { parseArgs } from "node:util";
import type pg from "pg";
import { isUuid, OWNER_URL_MISSING, type Outcome } from "../outcome.ts";
import { withOwner } from "../owner.ts";
import { countSubject, eraseSubject } from "./erase-subject.ts";
import { countTenant, eraseTenant } from "./erase-tenant.ts";
import type { Counts } from "./steps.ts";
import { findSubject, subjectOf, type SubjectPath } from "./subject.ts";

const USAGE = "Usage: MIGRATE_DATABASE_URL=… npm run erase -- --tenant ID [--subject PATH] [--yes]";

type Wanted = {
  readonly tenantId: string;
  readonly subject: SubjectPath | undefined;
  readonly isConfirmed: boolean;
};

/** `npm run erase`: erases the personal texts of a subject, or everything of a tenant. Without `--yes`, it only counts. */
export async function runErase(
  args: readonly string[],
  ownerUrl: string | undefined,
): Promise<Outcome> {
  const wanted = wantedIn(args);
  if (typeof wanted === "string") return { exitCode: 2, text: `${wanted}\n${USAGE}` };
  if (ownerUrl === undefined || ownerUrl === "") return OWNER_URL_MISSING;
  const { subject } = wanted;
  return withOwner(
    ownerUrl,
    "docket-erase",
    (client) =>
      subject === undefined ? runTenant(client, wanted) : runSubject(client, wanted, subject),
    "-c search_path=public -c lock_timeout=60s",
  );
}

async function runTenant(client: pg.Client, { tenantId, isConfirmed }: Wanted): Promise<Outcome> {
  const counts = await countTenant(client, tenantId);
  if (!isConfirmed) return preview(`tenant ${tenantId}`, counts);
  const left = await eraseTenant(client, tenantId);
  if (Object.keys(left).length === 0) return done(`tenant ${tenantId}`, counts);
  const text = `tenant ${tenantId} is still being written to: stop its clients, then run the command again. Left:`;
  return { exitCode: 1, text: [text, ...linesOf(left)].join("\n") };
}

async function runSubject(
  client: pg.Client,
  { tenantId, isConfirmed }: Wanted,
  path: SubjectPath,
): Promise<Outcome> {
  const subject = await findSubject(client, tenantId, path);
  if (subject === undefined)
    return { exitCode: 1, text: `tenant ${tenantId} has no ${path.kind} ${path.id}` };
  const counts = await countSubject(client, subject);
  const name = `${path.kind} ${path.id} of tenant ${tenantId}`;
  if (!isConfirmed) return preview(name, counts);
  await eraseSubject(client, subject);
  return done(name, counts);
}

const linesOf = (counts: Counts): readonly string[] =>
  Object.entries(counts).map(([what, count]) => `  ${what}: ${count}`);

const preview = (name: string, counts: Counts): Outcome => ({
  exitCode: 0,
  text: [
    `Would erase ${name}:`,
    ...linesOf(counts),
    "Nothing was changed. Repeat the command with --yes to erase this for good.",
  ].join("\n"),
});

const done = (name: string, counts: Counts): Outcome => ({
  exitCode: 0,
  text: [`Erased ${name}:`, ...linesOf(counts)].join("\n"),
});

/** Returns what is wrong with the command line, if anything. */
function wantedIn(args: readonly string[]): Wanted | string {
  const options = {
    tenant: { type: "string" },
    subject: { type: "string" },
    yes: { type: "boolean" },
  } as const;
  try {
    const { tenant = "", subject, yes = false } = parseArgs({ args: [...args], options }).values;
    if (!isUuid(tenant)) return "--tenant must be a UUID.";
    const path = subject === undefined ? undefined : subjectOf(subject);
    // Never falls back to the whole tenant.
    if (subject !== undefined && path === undefined)
      return "--subject must be /v1/disputes/ID, /v1/exceptions/ID or /v1/transactions/ID.";
    return { tenantId: tenant.toLowerCase(), subject: path, isConfirmed: yes };
  } catch (error) {
    return (error as Error).message;
  }
}
