import { PassThrough } from "node:stream";

import { createProgress, resultTable } from "@docket/terminal";

test("without a terminal every change of a bar is one line", () => {
  const output = new PassThrough().setEncoding("utf8");
  const bar = createProgress(output).add("MATCHED CSV");
  bar.update(0, "queued");
  bar.update(0, "queued");
  bar.update(50, "running", 24_000);
  bar.update(undefined, "failed");
  const lines = String(output.read()).trimEnd().split("\n");
  expect(lines).toEqual([
    `  MATCHED CSV      ${"░".repeat(24)}   0 %        0 rows  queued`,
    `  MATCHED CSV      ${"█".repeat(12)}${"░".repeat(12)}  50 %   24,000 rows  running`,
    `  MATCHED CSV      ${"█".repeat(12)}${"░".repeat(12)}  50 %   24,000 rows  failed`,
  ]);
});

test("the table lines up", () => {
  const sha256 = "ab".repeat(32);
  const table = resultTable([
    { fileName: "MATCHED.csv", rows: 48_835, bytes: 11_759_793, sha256 },
    { fileName: "VARIANCE.json", rows: 26, bytes: 900, sha256 },
  ]);
  expect(table.split("\n")).toEqual([
    "  file             rows      size  sha256",
    `  MATCHED.csv    48,835  11.2 MiB  ${sha256}  ok`,
    `  VARIANCE.json      26     900 B  ${sha256}  ok`,
  ]);
});
