import { fileURLToPath } from "node:url";

/** Prints the SQL of a report; `src/` and `dist/` are equally deep. */
export const PRINT_REPORT_PROGRAM = fileURLToPath(
  new URL("../../../worker/dist/print-report.js", import.meta.url),
);

/** What the API is measured beside. */
export const REFERENCE_SERVER_PROGRAM = fileURLToPath(
  new URL("../../dist/bench/reference-server.js", import.meta.url),
);
