import { pathToFileURL } from "node:url";
import { isRefusal } from "../hostile-targets/index.ts";
import { textOf, type Attack } from "./attacks.ts";
import type { Report, Targets } from "./victim.ts";

/* The process that an attack may freeze. Its argument is the path of a module that exports `targets`. */

const { targets } = (await import(pathToFileURL(process.argv[2]!).href)) as { targets: Targets };

async function run(target: string, attack: Attack): Promise<Report> {
  try {
    await targets[target]!(textOf(attack));
    return {};
  } catch (error) {
    return isRefusal(error) ? {} : { unexpectedError: (error as Error).stack ?? String(error) };
  }
}

process.on("message", ({ target, attack }: { target: string; attack: Attack }) => {
  void run(target, attack).then((report) => process.send!(report));
});
process.send!({});
