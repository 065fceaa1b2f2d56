import type { Targets } from "@docket/testing/hostile-texts";
import { fileFormats } from "../src/index.ts";

/** The texts of exported rows come from callers. */
export const targets: Targets = Object.fromEntries(
  Object.entries(fileFormats).map(([name, format]) => [name, format.text.escape]),
);
