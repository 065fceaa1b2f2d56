import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { KINDS } from "../../src/exports/kind.ts";
import type { BenchmarkFigures } from "../../src/benchmark.ts";

const PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

it("measures each report and format, and prints and draws the figures", async () => {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  const chart = join(directory, "ratios.svg");
  try {
    const args = [PROGRAM, "exports", "--rows", "2000", "--pairs", "1", "--json", "--chart", chart];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const figures = JSON.parse(stdout.trim().split("\n").at(-1)!) as BenchmarkFigures;
    expect(figures.exports).toHaveLength(KINDS.length);
    for (const { rows, seconds, plainSeconds, ratio } of figures.exports!) {
      expect(rows).toBeGreaterThan(0);
      expect(ratio).toBeCloseTo(seconds / plainSeconds);
    }
    expect(await readFile(chart, "utf8")).toContain("<svg");
  } finally {
    await rm(directory, { recursive: true });
  }
});
