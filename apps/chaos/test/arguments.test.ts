import { UsageError } from "@docket/terminal";

import { parseArguments } from "../src/arguments.ts";

describe("the command line", () => {
  it("defaults to 50 kills, 20 jobs, 2 workers and a random seed", () => {
    const { seed, ...rest } = parseArguments([]);
    expect(rest).toEqual({ kills: 50, jobs: 20, events: 5000, workers: 2, webhooks: false });
    expect(seed).toBeGreaterThanOrEqual(1);
  });

  it("accepts all options", () => {
    const args = ["--kills", "5", "--jobs", "4", "--workers", "3", "--seed", "7"];
    expect(parseArguments(args)).toMatchObject({ kills: 5, jobs: 4, workers: 3, seed: 7 });
    const webhooks = ["--webhooks", "--events", "100"];
    expect(parseArguments(webhooks)).toMatchObject({ webhooks: true, kills: 30, events: 100 });
  });

  it.each([
    [
      "a value above the maximum",
      ["--kills", "101"],
      "--kills must be a whole number from 1 to 100",
    ],
    ["a fraction", ["--jobs", "1.5"], "--jobs must be a whole number from 1 to 60"],
    ["an unknown option", ["--loud"], "Unknown option '--loud'"],
  ])("refuses %s and prints the usage", (_, args, reason) => {
    const attempt = (): unknown => parseArguments(args);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(reason);
    expect(attempt).toThrow("Usage: npm run chaos");
  });
});
