import type { Dispute } from "@docket/client";

import type { Cli } from "../cli.ts";
import { printFields, printJson } from "../print.ts";

/** Prints the state of a dispute that has been changed. */
export function printChange(dispute: Dispute, { json }: { readonly json?: true }, cli: Cli): void {
  if (json) return printJson(cli, dispute);
  const { id, state, evidence } = dispute;
  printFields(cli, { dispute: id, state, evidence: evidence.length });
}
