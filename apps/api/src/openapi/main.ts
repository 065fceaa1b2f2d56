import { routes } from "../routes.ts";
import { openApiDocument } from "./document.ts";

// Prints the OpenAPI document, from which the types of @docket/client are generated.
process.stdout.write(`${JSON.stringify(openApiDocument(routes), null, 2)}\n`);
