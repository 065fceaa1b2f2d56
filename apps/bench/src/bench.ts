import type { Lifetime } from "@docket/platform";

import type { Environment } from "@docket/stack";
import type { Wishes } from "./wishes.ts";

/** One run of a benchmark: what it was asked for, and what it prints to. */
export type BenchRun = Wishes & {
  /** Closes what the benchmark has started. */
  readonly lifetime: Lifetime;
  readonly environment: Environment;
  readonly say: (line?: string) => void;
  readonly signal: AbortSignal;
};
