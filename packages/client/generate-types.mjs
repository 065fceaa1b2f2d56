// Generates src/api-types.ts from the OpenAPI document on standard input, and prints it (`npm run client-types`).
import { text } from "node:stream/consumers";

import { generateApi } from "swagger-typescript-api";

const HEADER = "// Generated from the OpenAPI document by `npm run client-types`. Do not edit.\n\n";

/** A value that a later release of the API adds must not break callers. */
const openUnion = (members) =>
  members.every((member) => /^"[^"]*"$/.test(member))
    ? [...members, "(string & {})"].join(" | ")
    : members.join(" | ");

const document = JSON.parse(await text(process.stdin));
// Only queries become types: the client writes paths and headers itself.
document.paths = Object.fromEntries(
  Object.entries(document.paths).map(([path, item]) => [path.replaceAll(/[{}]/g, ""), item]),
);
for (const operation of Object.values(document.paths).flatMap((item) => Object.values(item))) {
  operation.parameters = operation.parameters?.filter((parameter) => parameter.in === "query");
}

const { files } = await generateApi({
  spec: document,
  silent: true,
  generateClient: false,
  generateUnionEnums: true,
  extractRequestParams: true,
  sortTypes: true,
  codeGenConstructs: (constructs) => ({
    ...constructs,
    UnionType: openUnion,
    ArrayType: (content) => `readonly (${String(content)})[]`,
  }),
});
const generated = files[0].fileContent;
process.stdout.write(HEADER + generated.slice(generated.search(/^export /m)));
