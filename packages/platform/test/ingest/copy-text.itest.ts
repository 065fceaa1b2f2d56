import { createTestDatabase, type TestDatabase } from "@docket/testing";
import fc from "fast-check";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { copyText } from "../../src/ingest/copy-text.ts";

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
  fc.string({ unit: fc.constantFrom(...Array.from("\\\t\n\rN.\",'\b\vé🦉\u2028")) }),
  fc.constantFrom("\\N", "\\.", "\n\\.\n", "NULL", ""),
);

describe("copyText", () => {
  it("carries every text and null into the database unchanged", async () => {
    const cells = fc.array(fc.record({ a: fc.option(hostile), b: fc.option(hostile) }), {
      minLength: 1,
      maxLength: 50,
    });
    await fc.assert(
      fc.asyncProperty(cells, async (given) => {
        await client.query("TRUNCATE hostile");
        const copy = client.query(copyFrom("COPY hostile FROM STDIN"));
        const done = new Promise((resolve, reject) =>
          copy.on("finish", resolve).on("error", reject),
        );
        const rows = given.map((each, index) => ({ line: index + 1, cells: each }));
        copy.end(Buffer.from(copyText(["a", "b"], rows)));
        await done;
        const found = await client.query("SELECT a, b FROM hostile ORDER BY line");
        expect(found.rows).toEqual(given);
      }),
    );
  });

  it("writes a missing cell as null and ignores cells of other columns", () => {
    expect(copyText(["a", "b"], [{ line: 7, cells: { b: "x", c: "y" } }])).toBe("7\t\\N\tx\n");
  });
});
