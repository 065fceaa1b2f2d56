import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient, type Client } from "@docket/client";

import { missingPrograms, readCommands, runGuide, type GuideResult } from "../support/guide.ts";
import { startLocal, waitUntilPrinted, type LocalProcess } from "../support/local-process.ts";
import { readDownloadedExport } from "./export-file.ts";

// Runs the commands of the documentation as they are printed there, against the processes of `npm start`.

jest.setTimeout(150_000);

const missing = missingPrograms();
const describeGuides = missing.length === 0 ? describe : describe.skip;
const skipped = missing.length === 0 ? "" : ` (skipped: ${missing.join(", ")} not installed)`;

/** README commands that would start another stack; demo.itest.ts and stack.itest.ts run their programs. */
const TESTED_ELSEWHERE = /^npm (?:ci|start|run demo)$/gm;

describeGuides(`the commands of the documentation${skipped}`, () => {
  let home: string;
  let local: LocalProcess;
  let client: Client;
  const results: GuideResult[] = [];

  async function run(
    commands: string,
    assign: Readonly<Record<string, string>> = {},
  ): Promise<GuideResult> {
    const result = await runGuide({ commands, assign: { BASE: client.address, ...assign }, home });
    results.push(result);
    return result;
  }

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "docket-guides-"));
    await chmod(home, 0o711);
    local = startLocal({ DOCKET_HOME: home });
    client = createClient(await waitUntilPrinted(local));
  });

  afterAll(async () => {
    local.process.kill("SIGTERM");
    await local.exitCode;
    for (const { directory } of results) await rm(directory, { recursive: true });
    await rm(home, { recursive: true, force: true });
  });

  it("README.md: order an export and contest an exception", async () => {
    const commands = readCommands("README.md").replaceAll(TESTED_ELSEWHERE, "");
    const { output, directory } = await run(commands);
    const [file = ""] = readdirSync(directory).filter((name) => name.startsWith("MATCHED_"));
    expect(readFileSync(join(directory, file), "utf8").split("\n").length).toBeGreaterThan(10_000);
    expect(output).toContain('"state":"WON"');
  });

  it("docs/disputes.md: take a dispute through its lifecycle", async () => {
    const { output, variables } = await run(readCommands("docs/disputes.md"));
    expect(output).toContain("back.csv: OK");
    const history = await client.disputes.history(variables["DISPUTE"] ?? "");
    expect(history.map(({ to }) => to).filter(Boolean)).toEqual(
      expect.arrayContaining(["PENDING_EVIDENCE", "LOST", "WON"]),
    );
  });

  it("docs/ingest.md: load two CSV files, export them and dispute an exception", async () => {
    const { output, variables } = await run(readCommands("docs/ingest.md"));
    expect(await client.contextCounts(variables["CONTEXT"] ?? "")).toEqual({
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
    expect(output).toContain("line 3, amount: must be written out, without an exponent");
  });
});
