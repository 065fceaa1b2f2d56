import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BODY_FAULTS, LINE_FAULTS, SCENE, type Example } from "../support/record-faults.ts";
import { CSV, faultsOf, line } from "../support/records.ts";
import { createStage, type Stage } from "../support/stage.ts";
import { createTenant, type Tenant } from "../support/tenant.ts";

// Checks that the API answers each example of docs/ingest.md with the documented fault.

const GUIDE = readFileSync(join(__dirname, "../../../../docs/ingest.md"), "utf8");

let stage: Stage;
let tenant: Tenant;

beforeAll(async () => {
  stage = await createStage();
  tenant = await createTenant(stage);
  for (const [kind, chunks] of Object.entries(SCENE))
    expect(await tenant.push(chunks, { kind })).toMatchObject({ status: 200 });
});

afterAll(() => stage.close());

/** The rows of the table under a heading of the guide. */
function tableUnder(heading: string): string[] {
  const [, section = ""] = GUIDE.split(`\n### ${heading}\n`);
  const [text = ""] = section.split(/\n#{2,3} /);
  const [, , ...rows] = text.split("\n").filter((each) => each.startsWith("|"));
  return rows;
}

const refused = async (example: Example) => {
  const answer = await tenant.push(example.chunks, example);
  expect(await tenant.countTransactions()).toBe(SCENE.transactions.length);
  return answer;
};

describe("the faults of lines in docs/ingest.md", () => {
  it.each(Object.keys(LINE_FAULTS))("are what the API reports: %s", async (heading) => {
    const rows: string[] = [];
    for (const example of LINE_FAULTS[heading]!) {
      const { status, body } = await refused(example);
      expect([example.sent, status, body.code]).toEqual([example.sent, 422, "invalid_records"]);
      expect(body.errors).toHaveLength(1);
      const [{ field, detail }] = body.errors;
      rows.push(`| ${example.sent} | ${field === "" ? "" : `\`${field}\``} | ${detail} |`);
    }
    expect(tableUnder(heading)).toEqual(rows);
  });

  it("are listed by line in one response", async () => {
    const bad = LINE_FAULTS["Transactions"]!.slice(0, 5).flatMap(({ chunks }) => chunks);
    const answer = await tenant.push([line("2000"), "\n", ...bad]);
    expect(faultsOf(answer)).toEqual([
      [3, "source"],
      [4, "externalId"],
      [5, "amount"],
      [6, "amount"],
      [7, "amount"],
    ]);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.body.detail).toMatch(
      /^Nothing was written\. Line 3: source "Bnak" .* 5 faults are listed\.$/,
    );
  });

  it("count the header of a CSV as line 1, and a record from its first line", async () => {
    const header = "source,externalId,amount,currency,date,description\n";
    const answer = await tenant.push(
      [
        header,
        "Bank,A,1e5,EUR,2026-01-15,\n",
        'Bank,B,1,EUR,2026-01-15,"x\ny\nz"\n',
        "Bank,C,1,EUR,2026-02-30,\n",
        "Bank,D,1,EUR\n",
        "Till,E,1,EUR,2026-01-15,\n",
        "Bank,F,1,EUR,2026-01-15,\0\n",
      ],
      { type: CSV },
    );
    expect(faultsOf(answer)).toEqual([
      [2, "amount"],
      [6, "date"],
      [7, ""],
      [8, "source"],
      [9, "description"],
    ]);
  });
});

describe("the faults of bodies in docs/ingest.md", () => {
  it("are what the API reports", async () => {
    const rows: string[] = [];
    for (const example of BODY_FAULTS) {
      const { status, body } = await refused(example);
      rows.push(`| ${example.sent} | ${status} \`${body.code}\` | ${body.detail} |`);
    }
    expect(tableUnder("The whole body")).toEqual(rows);
  });
});
