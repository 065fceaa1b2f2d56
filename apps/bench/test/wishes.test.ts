import { readWishes } from "../src/wishes.ts";
import { UsageError } from "@docket/terminal";

test("without a word, exports of a million rows are measured", () => {
  expect(readWishes([])).toMatchObject({
    bench: "exports",
    pairs: 5,
    rows: 1_000_000,
    big: false,
  });
});

test("each benchmark takes its own options", () => {
  expect(readWishes(["api", "--pairs", "2", "--seconds", "10"])).toMatchObject({
    bench: "api",
    pairs: 2,
    seconds: 10,
  });
  expect(readWishes(["--big", "exports", "--rows", "5000"])).toMatchObject({
    bench: "exports",
    rows: 5_000,
    big: true,
  });
});

test.each([
  ["an unknown benchmark", ["downloads"], "There is no benchmark downloads"],
  ["two benchmarks", ["api", "exports"], "There is no benchmark api exports"],
  ["an unknown option", ["--loud"], "Unknown option '--loud'"],
  ["another benchmark's option", ["api", "--rows", "5"], "api takes no --rows"],
  ["no pairs", ["--pairs", "0"], "--pairs must be a whole number from 1 to 100"],
  ["half a pair", ["--pairs", "1.5"], "--pairs must be a whole number"],
  [
    "a run without end",
    ["api", "--seconds", "86400"],
    "--seconds must be a whole number from 1 to 60",
  ],
])("%s is refused with the usage", (_, args, reason) => {
  const attempt = (): unknown => readWishes(args);
  expect(attempt).toThrow(UsageError);
  expect(attempt).toThrow(reason);
  expect(attempt).toThrow("Usage: npm run bench [-- exports|api|upload|ingest]");
});
