import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { createGuideStage, missingForGuides, type GuideStage } from "../support/guide-stage.ts";
import { readCommands } from "../support/guide.ts";
import { readDownloadedExport } from "./export-file.ts";

// Runs the commands of the documentation as they are printed there, against the processes of `npm start`.

jest.setTimeout(300_000);

const missing = missingForGuides();
const describeGuides = missing === "" ? describe : describe.skip;
const skipped = missing === "" ? "" : ` (skipped: ${missing})`;

/** README commands that would start another stack. demo.itest.ts and stack.itest.ts run their programs. */
const TESTED_ELSEWHERE = /^npm (?:ci|start|run demo)$/gm;

describeGuides(`the commands of the documentation${skipped}`, () => {
  let stage: GuideStage;

  beforeAll(async () => {
    stage = await createGuideStage();
  });

  afterAll(() => stage?.close());

  it("README.md: order an export and contest an exception", async () => {
    const commands = readCommands("README.md").replaceAll(TESTED_ELSEWHERE, "");
    const { output, directory } = await stage.run({ commands });
    const [file = ""] = readdirSync(directory).filter((name) => name.startsWith("MATCHED_"));
    expect(readFileSync(join(directory, file), "utf8").split("\n").length).toBeGreaterThan(10_000);
    expect(output).toContain('"state":"WON"');
  });

  it("docs/cli.md: export, verify and list disputes from the command line", async () => {
    const { output } = await stage.run({ commands: readCommands("docs/cli.md"), assign: {} });
    expect(output).toMatch(/^exports\/VARIANCE_\S+\.csv: SHA-256 ok$/m);
  });

  it("docs/disputes.md: take a dispute through its lifecycle", async () => {
    const { output, variables } = await stage.run({
      commands: readCommands("docs/disputes.md"),
      assign: {},
    });
    expect(output).toContain("back.csv: OK");
    const { DISPUTE = "", DIR = "" } = variables;
    const history = stage.client.disputes.history(DISPUTE);
    expect((await history.page()).items.map(({ to }) => to).filter(Boolean)).toEqual(
      expect.arrayContaining(["PENDING_EVIDENCE", "LOST", "WON"]),
    );
    const { disputedAmount, recoveredAmount } = await stage.client.disputes.get(DISPUTE);
    expect(Number(recoveredAmount)).toBe(Number(disputedAmount) / 2);
    const archive = readFileSync(join(DIR, "dispute.zip"), "latin1");
    expect(archive).toContain("manifest.json");
  });

  it("docs/exceptions.md: assign, resolve and reopen an exception, and change many at once", async () => {
    const { output, variables } = await stage.run({
      commands: readCommands("docs/exceptions.md"),
      assign: {},
    });
    const { EXCEPTION = "", IDS = "" } = variables;
    const history = stage.client.exceptions.history(EXCEPTION);
    expect((await history.page()).items.map(({ type }) => type)).toEqual([
      "created",
      "updated",
      "updated",
      "resolved",
      "reopened",
      "resolved",
    ]);
    const changed = JSON.parse(`[${IDS}]`) as string[];
    expect(changed).toHaveLength(3);
    for (const id of changed) {
      const { status, assignedTo } = await stage.client.exceptions.get(id);
      expect({ status, assignedTo }).toEqual({ status: "RESOLVED", assignedTo: "kim" });
    }
    expect(output.match(/"outcome":"applied"/g)).toHaveLength(9);
    expect(output.match(/"outcome":"refused"/g)).toHaveLength(1);
  });

  it("docs/ingest.md: load two CSV files, export them and dispute an exception", async () => {
    const { output, variables } = await stage.run({
      commands: readCommands("docs/ingest.md"),
      assign: {},
    });
    expect((await stage.client.contexts.get(variables["CONTEXT"] ?? "")).counts).toEqual({
      transactions: 9,
      matched: 5,
      unmatched: 4,
      matchGroups: 2,
      exceptions: 1,
      openExceptions: 1,
    });
    const { DIR = "" } = variables;
    expect(readDownloadedExport(DIR, "MATCHED", "CSV")).toHaveLength(5);
    expect(readDownloadedExport(DIR, "UNMATCHED", "CSV")).toHaveLength(4);
    expect(readDownloadedExport(DIR, "VARIANCE", "JSON")).toMatchObject([
      { total_expected: "29.2", total_actual: "44.6", net_variance: "15.4", item_count: 2 },
    ]);
    expect(readDownloadedExport(DIR, "EXCEPTIONS", "XML")).toMatchObject([
      { external_id: "144990" },
    ]);
    expect(output).toContain("transactions: received 6, inserted 6, updated 0, unchanged 0");
    expect(output).toContain('"unchanged":6');
    expect(output).toMatch(/"disputes":\[\{"id":"[^"]+","state":"WON"\}\]/);
    expect(output).toContain("line 3, amount: must be written without an exponent");
  });
});
