import { parseArgs } from "node:util";
import pg from "pg";
import { countSubject, eraseSubject } from "./erase-subject.ts";
import { countTenant, eraseTenant } from "./erase-tenant.ts";
import type { Counts } from "./steps.ts";
import { findSubject, subjectOf, type SubjectPath } from "./subject.ts";

const USAGE = "Usage: MIGRATE_DATABASE_URL=… npm run erase -- --tenant ID [--subject PATH] [--yes]";

/** What a command prints, and its exit code: 0 for success, 1 for a failure, 2 for a wrong command line. */
type Outcome = { readonly exitCode: 0 | 1 | 2; readonly text: string };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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
  if (ownerUrl === undefined || ownerUrl === "") {
    const text = "MIGRATE_DATABASE_URL must be set to the URL of the tables' owner";
    return { exitCode: 2, text };
  }
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: "docket-erase",
    options: "-c timezone=UTC -c search_path=public -c lock_timeout=60s",
  });
  // A connection that breaks also fails the query in progress, which reports it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return wanted.subject === undefined
      ? await runTenant(client, wanted)
      : await runSubject(client, wanted, wanted.subject);
  } finally {
    await client.end();
  }
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
    if (!UUID.test(tenant)) return "--tenant must be a UUID.";
    const path = subject === undefined ? undefined : subjectOf(subject);
    // Never falls back to the whole tenant.
    if (subject !== undefined && path === undefined)
      return "--subject must be /v1/disputes/ID, /v1/exceptions/ID or /v1/transactions/ID.";
    return { tenantId: tenant.toLowerCase(), subject: path, isConfirmed: yes };
  } catch (error) {
    return (error as Error).message;
  }
}
