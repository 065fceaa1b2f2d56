import { pathToFileURL } from "node:url";
import { textOf, type Attack } from "./attacks.ts";
import type { Report, Targets } from "./victim.ts";

/* The process that an attack may freeze. Its argument is the path of a module that exports `targets`. */

/** The names of the errors by which a target refuses a text. */
const REFUSALS = new Set(["DocketError", "S3Error"]);

const { targets } = (await import(pathToFileURL(process.argv[2]!).href)) as { targets: Targets };

async function run(target: string, attack: Attack): Promise<Report> {
  try {
    await targets[target]!(textOf(attack));
    return {};
  } catch (error) {
    const { name, stack } = error as Error;
    return REFUSALS.has(name) ? {} : { unexpectedError: stack ?? name };
  }
}

process.on("message", ({ target, attack }: { target: string; attack: Attack }) => {
  void run(target, attack).then((report) => process.send!(report));
});
process.send!({});
