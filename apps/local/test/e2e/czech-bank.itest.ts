import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { createGuideStage, missingForGuides, type GuideStage } from "../support/guide-stage.ts";
import { ROOT, shellBlocks, type GuideResult } from "../support/guide.ts";
import { CZECH_BANK, expectedResults, readCzechBank } from "./czech-bank.ts";
import { downloadExport, exact, readDownloadedExport, sum, type FileRow } from "./export-file.ts";

// Runs docs/ingest.md with a year of a real bank's data in place of the guide's two small files.

jest.setTimeout(300_000);

const missing = existsSync(CZECH_BANK)
  ? missingForGuides()
  : `there is no bank data in ${CZECH_BANK}; set TEST_DATA_DIR`;
const describeBank = missing === "" ? describe : describe.skip;
// Jest does not print the names of a file whose tests are all skipped.
if (missing !== "") process.stderr.write(`czech-bank.itest.ts skipped: ${missing}\n`);

describeBank("docs/ingest.md with a year of a real bank's data", () => {
  let stage: GuideStage;
  let expected: ReturnType<typeof expectedResults>;
  let guide: GuideResult;
  let contextId: string;

  beforeAll(async () => {
    stage = await createGuideStage();
    expected = expectedResults(readCzechBank());
    const markdown = readFileSync(join(ROOT, "docs/ingest.md"), "utf8");
    guide = await stage.run({
      commands: shellBlocks(useConsoleSession(markdown)),
      assign: { NAME: "Czech bank 1993" },
      environment: { DATA: CZECH_BANK },
    });
    contextId = guide.variables["CONTEXT"] ?? "";
  });

  afterAll(() => stage?.close());

  const downloaded = (report: string, format: string): readonly FileRow[] =>
    readDownloadedExport(guide.variables["DIR"] ?? "", report, format);

  it("counts every record of the files", async () => {
    const { matched, unmatched, groups, fees, excessiveFees } = expected;
    expect((await stage.client.contexts.get(contextId)).counts).toEqual({
      transactions: matched.length + unmatched.length,
      matched: matched.length,
      unmatched: unmatched.length,
      matchGroups: groups,
      exceptions: excessiveFees,
      openExceptions: excessiveFees,
    });
    expect(downloaded("VARIANCE", "JSON")).toMatchObject([{ item_count: fees }]);
    expect(downloaded("EXCEPTIONS", "XML")).toHaveLength(excessiveFees);
    expect(guide.output).toMatch(/"disputes":\[\{"id":"[^"]+","state":"WON"\}\]/);
  });

  it("groups each order with the transfers of its amount", () => {
    const groups = groupById(downloaded("MATCHED", "CSV"));
    expect(groups.size).toBe(expected.groups);
    for (const rows of groups.values()) {
      expect(rows.filter((row) => row["source_name"] === "Ledger")).toHaveLength(1);
      expect(rows.length).toBeGreaterThan(1);
      expect(new Set(rows.map(({ amount }) => amount)).size).toBe(1);
    }
  });

  it.each([
    ["MATCHED", "matched"],
    ["UNMATCHED", "unmatched"],
  ] as const)("exports the %s transactions exactly, in all formats", async (report, which) => {
    const rows = downloaded(report, "CSV");
    expect(rows).toHaveLength(expected[which].length);
    expect(sum(rows.map(({ amount = "" }) => exact(amount)))).toBe(
      sum(expected[which].map(({ amount }) => amount)),
    );
    expect(summarize(rows)).toEqual(
      expected[which]
        .map(({ source, id, amount, date }) => `${source} ${id} ${amount} ${date}`)
        .toSorted(),
    );
    for (const format of ["JSON", "XML"]) {
      const sameRows = await downloadExport(stage.client, contextId, report, format);
      expect(summarize(sameRows)).toEqual(summarize(rows));
    }
  });
});

/** Replaces the `sh` block before the guide's one console session with the session's commands. */
function useConsoleSession(markdown: string): string {
  const session = /^```sh\n(?:(?!^```).)*^```\n(?:(?!^```).)*^```console\n(.*?)^```/ms;
  const [, lines = ""] = session.exec(markdown) ?? [];
  if (lines === "") throw new Error("docs/ingest.md has no console session.");
  return markdown.replace(session, `\`\`\`sh\n${lines.replaceAll(/^\$ /gm, "")}\`\`\``);
}

function groupById(rows: readonly FileRow[]): ReadonlyMap<string, readonly FileRow[]> {
  const groups = new Map<string, FileRow[]>();
  for (const row of rows) {
    const { match_group_id: id = "" } = row;
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return groups;
}

const summarize = (rows: readonly FileRow[]): string[] =>
  rows
    .map(
      ({ source_name: source, external_id: id, amount = "", date }) =>
        `${source} ${id} ${exact(amount)} ${date?.slice(0, 10)}`,
    )
    .toSorted();
