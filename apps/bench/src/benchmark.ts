import type { Lifetime } from "@docket/platform";
import type { Environment } from "@docket/stack";

import type { BenchmarkArguments } from "./arguments.ts";
import type { ExportKind } from "./exports/kind.ts";

/** The figures of `--json`. Each ratio is the median of the pairs' ratios; null: the system does not report the figure. */
export type BenchmarkFigures = {
  readonly exports?: readonly ExportFigures[];
  readonly api?: readonly {
    readonly call: string;
    readonly perSecond: number;
    readonly reference: number;
    readonly ratio: number;
  }[];
  readonly ingest?: readonly {
    readonly rows: number;
    readonly seconds: number;
    readonly reference: number;
    readonly ratio: number;
  }[];
  readonly upload?: readonly { readonly ratio: number; readonly rssMb: number | null }[];
};

export type ExportFigures = ExportKind & {
  readonly rows: number;
  /** From RUNNING to SUCCEEDED. */
  readonly seconds: number;
  /** `\copy` of the plain CSV SELECT. */
  readonly plainSeconds: number;
  /** `seconds` to `plainSeconds`. */
  readonly ratio: number;
  readonly rssMb: number | null;
  readonly workerCpuSeconds: number | null;
  readonly postgresCpuSeconds: number | null;
};

/** One run of a benchmark: its arguments and everything it takes from the process. */
export type BenchmarkRun = BenchmarkArguments & {
  /** Closes everything that the benchmark starts. */
  readonly lifetime: Lifetime;
  readonly environment: Environment;
  readonly print: (line?: string) => void;
  readonly signal: AbortSignal;
};
