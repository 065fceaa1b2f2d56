import { report } from "../outcome.ts";
import { runErase } from "./command.ts";

// `npm run erase -- --tenant ID [--subject PATH] [--yes]`
await report(
  () => runErase(process.argv.slice(2), process.env["MIGRATE_DATABASE_URL"]),
  "Run the command again to continue.\n",
);
