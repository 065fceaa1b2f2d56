import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient, type Client } from "@docket/client";

import {
  missingPrograms,
  ROOT,
  runGuide,
  shellBlocks,
  type GuideResult,
} from "../support/guide.ts";
import { startLocal, waitUntilPrinted, type LocalProcess } from "../support/local-process.ts";
import { CZECH_BANK, expectedResults, readCzechBank } from "./czech-bank.ts";
import { downloadExport, exact, readDownloadedExport, sum, type FileRow } from "./export-file.ts";

// Runs docs/ingest.md with a year of a real bank's data in place of the guide's two small files.

jest.setTimeout(150_000);

const missing = missingPrograms();
const reason = existsSync(CZECH_BANK)
  ? missing.map((name) => `${name} is not installed`).join(", ")
  : `there is no bank data in ${CZECH_BANK}; set TEST_DATA_DIR`;
const describeBank = reason === "" ? describe : describe.skip;
const skipped = reason === "" ? "" : ` (skipped: ${reason})`;

describeBank(`docs/ingest.md with a year of a real bank's data${skipped}`, () => {
  let home: string;
  let local: LocalProcess;
  let client: Client;
  let expected: ReturnType<typeof expectedResults>;
  let guide: GuideResult;
  let contextId: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "docket-bank-"));
    await chmod(home, 0o711);
    local = startLocal({ DOCKET_HOME: home });
    client = createClient(await waitUntilPrinted(local));
    expected = expectedResults(readCzechBank());
    const markdown = readFileSync(join(ROOT, "docs/ingest.md"), "utf8");
    guide = await runGuide({
      commands: shellBlocks(useConsoleSession(markdown)),
      assign: { BASE: client.address, NAME: "Czech bank 1993" },
      home,
      environment: { DATA: CZECH_BANK },
    });
    contextId = guide.variables["CONTEXT"] ?? "";
  });

  afterAll(async () => {
    local.process.kill("SIGTERM");
    await local.exitCode;
    await rm(guide.directory, { recursive: true });
    await rm(home, { recursive: true, force: true });
  });

  const downloaded = (report: string, format: string): readonly FileRow[] =>
    readDownloadedExport(guide.variables["DIR"] ?? "", report, format);

  it("counts every record of the files", async () => {
    const { matched, unmatched, groups, fees, excessiveFees } = expected;
    expect(await client.contextCounts(contextId)).toEqual({
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
      const sameRows = await downloadExport(client, contextId, report, format);
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
