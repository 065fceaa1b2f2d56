import { rm } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";

import { abortOnStop, createTemporaryHome } from "@docket/stack";
import { argumentsOrExit, formatTable } from "@docket/terminal";

import { parseArguments } from "./arguments.ts";
import { findFaults, HEADER, toRow, type Result } from "./result.ts";
import { runAbuse } from "./run.ts";

const print = (line = ""): void => void process.stdout.write(`${line}\n`);

const args = argumentsOrExit(process, parseArguments);
const signal = abortOnStop(process);

/** A machine is busy when other programs already keep half of its cores busy. */
const isBusy = loadavg()[0]! > availableParallelism() / 2;
const limitMs = args.limitMs ?? (isBusy ? 2_000 : 1_000);
print(`${args.attacks.length} attacks of ${args.seconds} s; limit for the victim ${limitMs} ms`);

const home = await createTemporaryHome("abuse");
let exitCode = 0;
try {
  const options = { ...args, home, environment: process.env, signal };
  const results = await runAbuse({ ...options, onResult: printFaults });
  print();
  const rows = results.map((result) => toRow(result, limitMs));
  print(formatTable([HEADER, ...rows], HEADER.map(alignmentOf)));
  if (results.some((result) => findFaults(result, limitMs).length > 0)) exitCode = 1;
} catch (error) {
  exitCode = 1;
  const reason = signal.aborted ? "interrupted" : (error as Error).message;
  process.stderr.write(`The abuse run failed: ${reason}\n`);
}
await rm(home, { recursive: true, force: true });
process.exit(exitCode);

function printFaults(result: Result): void {
  const faults = findFaults(result, limitMs);
  print(`${result.attack}: ${faults.length === 0 ? "ok" : faults.join("; ")}`);
}

function alignmentOf(_: string, column: number): "left" | "right" {
  return column === 0 || column === HEADER.length - 1 ? "left" : "right";
}
