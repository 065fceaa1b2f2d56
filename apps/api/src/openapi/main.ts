import { document } from "../routes.ts";

// Prints the OpenAPI document, from which the types of @docket/client are generated.
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
