import { abortOnStop } from "@docket/stack";

import { runCli } from "./run.ts";

// A reader that wants no more, such as head, is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  out: process.stdout,
  err: process.stderr,
  signal: abortOnStop(process),
});
