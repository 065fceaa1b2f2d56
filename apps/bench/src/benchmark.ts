import type { Lifetime } from "@docket/platform";
import type { Environment } from "@docket/stack";

import type { BenchmarkArguments } from "./arguments.ts";

/** One run of a benchmark: its arguments and everything it takes from the process. */
export type BenchmarkRun = BenchmarkArguments & {
  /** Closes everything that the benchmark starts. */
  readonly lifetime: Lifetime;
  readonly environment: Environment;
  readonly print: (line?: string) => void;
  readonly signal: AbortSignal;
};
