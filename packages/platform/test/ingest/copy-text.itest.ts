import { createTestDatabase, type TestDatabase } from "@docket/testing";
import fc from "fast-check";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { copyRow } from "../../src/ingest/index.ts";

let test: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  test = await createTestDatabase();
  client = new pg.Client({ connectionString: test.ownerUrl });
  await client.connect();
  await client.query("CREATE TEMP TABLE hostile (line bigint, a text, b text)");
});

afterAll(async () => {
  await client.end();
  await test.drop();
});

const hostile = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "").toWellFormed()),
  fc.string({
    unit: fc.constantFrom(
      "\\",
      "\t",
      "\n",
      "\r",
      "N",
      ".",
      '"',
      ",",
      "'",
      "\b",
      "\v",
      "é",
      "🦉",
      "\u2028",
    ),
  }),
  fc.constantFrom("\\N", "\\.", "\n\\.\n", "NULL", ""),
);

describe("COPY's text format", () => {
  it("brings every text, and null, into the database as it is", async () => {
    const rows = fc.array(fc.tuple(fc.option(hostile), fc.option(hostile)), {
      minLength: 1,
      maxLength: 50,
    });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        await client.query("TRUNCATE hostile");
        const copy = client.query(copyFrom("COPY hostile FROM STDIN"));
        const done = new Promise((resolve, reject) =>
          copy.on("finish", resolve).on("error", reject),
        );
        copy.end(Buffer.from(given.map((cells, index) => copyRow(index + 1, cells)).join("")));
        await done;
        const found = await client.query({
          text: "SELECT a, b FROM hostile ORDER BY line",
          rowMode: "array",
        });
        expect(found.rows).toEqual(given);
      }),
    );
  });
});
