import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { SavedExport } from "@docket/client";
import type { Environment } from "@docket/stack";
import { createExportProgress, formatBytes, formatTable, type Output } from "@docket/terminal";

import { openDemoStack, type DemoStack } from "./demo-stack.ts";
import { demonstrateDispute } from "./dispute.ts";
import { exportEverything } from "./exports.ts";
import { printSummary } from "./summary.ts";

export type DemoOptions = {
  /** A new directory. The downloaded files stay in it; everything else is removed when the demo succeeds. */
  readonly directory: string;
  readonly environment: Environment;
  readonly output: Output;
  readonly signal: AbortSignal;
};

/**
 * Docket's main job from end to end (docs/api.md §7): exports every report in every format, downloads and verifies the
 * files, takes a dispute through its lifecycle, and prints the summary of the context.
 *
 * @throws Error whose message says what went wrong.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { directory, environment, output, signal } = options;
  const startedAt = performance.now();
  const print = (line = ""): void => void output.write(`${line}\n`);

  const stack = await openDemoStack({ directory, environment, print, signal });
  let succeeded = false;
  try {
    await demonstrate(stack, options, print);
    succeeded = true;
  } finally {
    await stack.close(succeeded);
  }
  print(`Done in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`);
}

async function demonstrate(
  { client, contextId }: DemoStack,
  { directory, output, signal }: DemoOptions,
  print: (line?: string) => void,
): Promise<void> {
  const files = join(directory, "files");
  const disputeFiles = join(files, "dispute");
  mkdirSync(disputeFiles, { recursive: true });

  print();
  print("Exporting every report in every format:");
  const progress = createExportProgress(output);
  const run = { client, contextId, signal };
  const results = await exportEverything({ ...run, directory: files, progress }).finally(
    progress.stop,
  );
  print();
  print(resultTable(results));
  print();
  await demonstrateDispute({ ...run, directory: disputeFiles, print });
  print();
  await printSummary({ client, contextId, print });
  print();
  print(`The ${results.length} exports are in ${files}, the dispute's files in ${disputeFiles}`);
}

/** Only verified files are results, so every line ends in `ok`. */
function resultTable(results: readonly SavedExport[]): string {
  const rows = results.map(({ fileName, job, sizeBytes, sha256 }) => [
    fileName,
    job.recordsWritten.toLocaleString("en"),
    formatBytes(sizeBytes),
    sha256,
    "ok",
  ]);
  const header = ["file", "rows", "size", "sha256", ""];
  return formatTable([header, ...rows], ["left", "right", "right", "left", "left"]);
}
