import { report } from "../outcome.ts";
import { runRecount } from "./command.ts";

// `npm run recount -- --context ID`
await report(() => runRecount(process.argv.slice(2), process.env["MIGRATE_DATABASE_URL"]));
