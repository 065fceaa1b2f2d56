import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient, type Client } from "@docket/client";
import { DEMO_TENANT } from "@docket/demo-data";
import { tokenFor } from "../../../cli/src/token/command.ts";
import { ready, startMain, type Started } from "../support/started-stack.ts";
import { CZECH_BANK, expectedOf, readCzechBank } from "./czech-bank.ts";
import { downloadExport, exact, rowsOf, sum, type FileRow } from "./export-file.ts";
import { missingPrograms, runGuide, type GuideOutcome } from "./guide.ts";

// docs/ingest.md as it stands, typed into a shell beside the real processes: with its own two files, and with a year of a
// real bank's statement.

const missing = missingPrograms();
const when = missing.length === 0 ? describe : describe.skip;
const because = missing.length === 0 ? "" : ` (skipped: there is no ${missing.join(", ")})`;
const thereIs = existsSync(CZECH_BANK);
const whenThereIs = thereIs ? describe : describe.skip;
const becauseData = thereIs ? "" : ` (skipped: there is no ${CZECH_BANK})`;

const WITHIN_MS = 120_000;

when(`The commands of docs/ingest.md${because}`, () => {
  let home: string;
  let stack: Started;
  let client: Client;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "docket-guide-"));
    await chmod(home, 0o711);
    stack = startMain({ DOCKET_HOME: home });
    const { address } = await ready(stack);
    const who = ["--tenant", DEMO_TENANT, "--sub", "reader"];
    client = createClient({ address, token: tokenFor(who, { DOCKET_HOME: home }) });
  }, WITHIN_MS);

  afterAll(async () => {
    stack.process.kill("SIGTERM");
    await stack.ended;
    await rm(home, { recursive: true, force: true });
  });

  it(
    "lead from two CSV files to exports and a dispute, and to the faults of a bad file",
    async () => {
      const { output, directory, contextId } = await runGuide({
        address: client.address,
        home,
        context: "Two small files",
      });
      expect(await client.contextCounts(contextId)).toEqual({
        transactions: 9,
        matched: 5,
        unmatched: 4,
        matchGroups: 2,
        exceptions: 1,
        openExceptions: 1,
      });
      expect(fileOf(directory, "MATCHED", "CSV")).toHaveLength(5);
      expect(fileOf(directory, "UNMATCHED", "CSV")).toHaveLength(4);
      expect(fileOf(directory, "VARIANCE", "JSON")).toMatchObject([
        { total_expected: "29.2", total_actual: "44.6", net_variance: "15.4", item_count: 2 },
      ]);
      expect(fileOf(directory, "EXCEPTIONS", "XML")).toMatchObject([{ external_id: "144990" }]);
      expect(output).toContain("transactions: received 6, inserted 6, updated 0, unchanged 0");
      expect(output).toContain('"unchanged":6');
      expect(output).toMatch(/"disputes":\[\{"id":"[^"]+","state":"WON"\}\]/);
      expect(output).toContain("line 3, amount: must be written without an exponent");
      await rm(directory, { recursive: true });
    },
    WITHIN_MS,
  );

  whenThereIs(`load a real bank's year${becauseData}`, () => {
    let want: ReturnType<typeof expectedOf>;
    let done: GuideOutcome;

    beforeAll(async () => {
      want = expectedOf(readCzechBank());
      const context = "Czech bank 1993";
      done = await runGuide({ address: client.address, home, context, data: CZECH_BANK });
    }, WITHIN_MS);

    afterAll(() => rm(done.directory, { recursive: true }));

    it("with as many of everything as there are in its files", async () => {
      const { matched, unmatched, groups, fees, tooHigh } = want;
      expect(await client.contextCounts(done.contextId)).toEqual({
        transactions: matched.length + unmatched.length,
        matched: matched.length,
        unmatched: unmatched.length,
        matchGroups: groups,
        exceptions: tooHigh,
        openExceptions: tooHigh,
      });
      expect(fileOf(done.directory, "VARIANCE", "JSON")).toMatchObject([{ item_count: fees }]);
      expect(fileOf(done.directory, "EXCEPTIONS", "XML")).toHaveLength(tooHigh);
      expect(done.output).toMatch(/"disputes":\[\{"id":"[^"]+","state":"WON"\}\]/);
    });

    it("with each order beside the transfers of its amount", () => {
      const groups = byGroup(fileOf(done.directory, "MATCHED", "CSV"));
      expect(groups.size).toBe(want.groups);
      for (const rows of groups.values()) {
        expect(rows.filter((row) => row["source_name"] === "Ledger")).toHaveLength(1);
        expect(rows.length).toBeGreaterThan(1);
        expect(new Set(rows.map(({ amount }) => amount)).size).toBe(1);
      }
    });

    it.each([
      ["MATCHED", "matched"],
      ["UNMATCHED", "unmatched"],
    ] as const)("and %s of it come out again, to the last haléř", async (report, which) => {
      const rows = fileOf(done.directory, report, "CSV");
      expect(rows).toHaveLength(want[which].length);
      expect(sum(rows.map(({ amount = "" }) => exact(amount)))).toBe(
        sum(want[which].map(({ amount }) => amount)),
      );
      expect(linesOf(rows)).toEqual(
        want[which]
          .map(({ source, id, amount, date }) => `${source} ${id} ${amount} ${date}`)
          .toSorted(),
      );
      for (const format of ["JSON", "XML"]) {
        const same = await downloadExport(client, done.contextId, report, format);
        expect(linesOf(same)).toEqual(linesOf(rows));
      }
    });
  });
});

/** The one file of a report that the guide has downloaded. */
function fileOf(directory: string, report: string, format: string): readonly FileRow[] {
  const [name, ...more] = readdirSync(directory).filter((each) => each.startsWith(`${report}_`));
  expect(more).toEqual([]);
  return rowsOf(format, readFileSync(join(directory, name ?? report), "utf8"));
}

function byGroup(rows: readonly FileRow[]): ReadonlyMap<string, readonly FileRow[]> {
  const groups = new Map<string, FileRow[]>();
  for (const row of rows) {
    const { match_group_id: id = "" } = row;
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return groups;
}

const linesOf = (rows: readonly FileRow[]): string[] =>
  rows
    .map(
      ({ source_name: source, external_id: id, amount = "", date }) =>
        `${source} ${id} ${exact(amount)} ${date?.slice(0, 10)}`,
    )
    .toSorted();
