import { abortOnStop } from "@docket/stack";

import { runCli } from "./run.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  out: process.stdout,
  err: process.stderr,
  signal: abortOnStop(process),
});
