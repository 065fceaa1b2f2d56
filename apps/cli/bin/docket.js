#!/usr/bin/env node
import { existsSync } from "node:fs";

// npm links this file before the program is compiled.
const program = new URL("../dist/main.js", import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  process.stderr.write("docket is not compiled yet. Run npm run build.\n");
  process.exitCode = 2;
}
