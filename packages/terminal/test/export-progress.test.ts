import { PassThrough } from "node:stream";

import { createExportProgress } from "../src/index.ts";

test("an export shows its rows, its rate and the time left, and is full only when it is verified", () => {
  const output = new PassThrough();
  let now = 0;
  const line = createExportProgress(output, () => now).add("MATCHED CSV");
  const shown = (): string =>
    String(output.read())
      .trim()
      .replaceAll(/[█░]+ +/g, "");
  line.update({ state: "queued", rows: 0 });
  expect(shown()).toBe("MATCHED CSV       0 %          0 rows  queued");
  line.update({ state: "running", rows: 1_000, expectedRows: 40_000 });
  now = 2_000;
  line.update({ state: "running", rows: 20_000, expectedRows: 40_000 });
  expect(shown()).toMatch(/50 % +20,000 rows {2}running {2}10,000 rows\/s, 2 s left$/);
  line.update({ state: "downloading", rows: 40_000, expectedRows: 40_000, downloadedBytes: 2_048 });
  expect(shown()).toMatch(/99 % +40,000 rows {2}downloading {2}2\.0 KiB$/);
  line.update({ state: "SHA-256 ok", rows: 40_000, expectedRows: 40_000, downloadedBytes: 4_096 });
  expect(shown()).toMatch(/100 % +40,000 rows {2}SHA-256 ok {2}4\.0 KiB$/);
});
