import { UsageError } from "@docket/terminal";

import { parseArguments } from "../src/arguments.ts";

describe("the command line", () => {
  it("measures exports of a million rows by default", () => {
    expect(parseArguments([])).toEqual({
      benchmark: "exports",
      pairs: 5,
      rows: 1_000_000,
      seconds: 1,
      big: false,
      json: false,
      only: [],
    });
  });

  it("accepts the options of the chosen benchmark in any order", () => {
    expect(parseArguments(["api", "--pairs", "2", "--seconds", "10"])).toMatchObject({
      benchmark: "api",
      pairs: 2,
      seconds: 10,
    });
    expect(parseArguments(["--big", "exports", "--json", "--rows", "5000"])).toMatchObject({
      benchmark: "exports",
      rows: 5_000,
      big: true,
      json: true,
    });
  });

  it("measures only the exports that are named", () => {
    const args = ["--only", "MATCHED CSV", "--only", "MATCHED CSV GZIP"];
    expect(parseArguments(args).only).toEqual(["MATCHED CSV", "MATCHED CSV GZIP"]);
  });

  it.each([
    ["an unknown benchmark", ["downloads"], 'Unknown benchmark "downloads"'],
    ["two benchmarks", ["api", "exports"], 'Unknown benchmark "api exports"'],
    ["an unknown option", ["--loud"], "Unknown option '--loud'"],
    ["an option of another benchmark", ["api", "--rows", "5"], "api does not support --rows"],
    ["JSON of a benchmark that has none", ["summary", "--json"], "summary does not support --json"],
    ["an export that is not measured", ["--only", "MATCHED"], '--only "MATCHED" must be one of'],
    ["zero pairs", ["--pairs", "0"], "--pairs must be a whole number from 1 to 100"],
    ["a fraction", ["--pairs", "1.5"], "--pairs must be a whole number"],
    ["a value above the maximum", ["api", "--seconds", "86400"], "a whole number from 1 to 60"],
  ])("refuses %s and prints the usage", (_, args, reason) => {
    const attempt = (): unknown => parseArguments(args);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(reason);
    expect(attempt).toThrow(
      "Usage: npm run bench [-- exports|api|upload|ingest|summary|events|small]",
    );
  });
});
