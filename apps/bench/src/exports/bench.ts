import type { BenchmarkRun } from "../benchmark.ts";
import type { BenchStack } from "../stack.ts";
import type { Contexts } from "./contexts.ts";
import type { ExportJobs } from "./jobs.ts";
import type { ReferenceExport } from "./reference.ts";
import type { Exporter } from "./run-export.ts";

/** What the measurements of exports share. */
export type Bench = {
  readonly run: BenchmarkRun;
  readonly stack: BenchStack;
  readonly contexts: Contexts;
  readonly jobs: ExportJobs;
  readonly exporter: Exporter;
  readonly reference: ReferenceExport;
};
