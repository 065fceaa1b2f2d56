import type { BenchmarkRun } from "../benchmark.ts";
import { openSuperuser, type BenchStack } from "../stack.ts";
import type { ExportKind } from "./kind.ts";
import { seedCases } from "./seed-cases.ts";
import { seedContext, seedShuffledContext, type SeededContext } from "./seed.ts";

/** The contexts that are exported. Each is filled on first use. */
export type Contexts = {
  readonly of: (kind: ExportKind) => Promise<SeededContext>;
  /** A context whose MATCHED report has this many rows. */
  readonly matched: (rows: number) => Promise<SeededContext>;
};

type Fill = typeof seedContext;

export function openContexts(run: BenchmarkRun, stack: BenchStack): Contexts {
  const contexts = new Map<string, SeededContext>();
  const seeded = async (fill: Fill, rows: number): Promise<SeededContext> => {
    const key = `${fill.name} ${rows}`;
    const context = contexts.get(key) ?? (await seed(run, stack, fill, rows));
    contexts.set(key, context);
    return context;
  };
  return {
    of: ({ report, shuffled }) =>
      report === "MATCHED"
        ? seeded(shuffled === true ? seedShuffledContext : seedContext, run.rows)
        : seeded(seedCases, Math.ceil(run.rows / 4)),
    matched: (rows) => seeded(seedContext, rows),
  };
}

async function seed(
  { signal, print }: BenchmarkRun,
  stack: BenchStack,
  fill: Fill,
  rows: number,
): Promise<SeededContext> {
  signal.throwIfAborted();
  const superuser = openSuperuser(stack);
  try {
    const start = performance.now();
    const context = await fill(superuser, rows);
    const seconds = ((performance.now() - start) / 1_000).toFixed(0);
    print(`Seeded a context of ${rows.toLocaleString("en")} rows in ${seconds} s.`);
    return context;
  } finally {
    await superuser.close();
  }
}
