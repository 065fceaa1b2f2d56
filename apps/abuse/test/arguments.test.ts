import { UsageError } from "@docket/terminal";

import { parseArguments } from "../src/arguments.ts";
import { ATTACKS } from "../src/attacks/index.ts";

describe("the command line", () => {
  it("defaults to 15 s of every attack, and to a limit that the machine decides", () => {
    const attacks = ATTACKS.map(({ name }) => name);
    expect(parseArguments([])).toEqual({ seconds: 15, attacks, limitMs: undefined });
  });

  it("accepts all options, and several attacks", () => {
    const attacks = ["--attack", "huge-pages", "--attack", "none"];
    expect(parseArguments(["--seconds", "5", ...attacks, "--limit-ms", "300"])).toEqual({
      seconds: 5,
      attacks: ["huge-pages", "none"],
      limitMs: 300,
    });
  });

  it.each([
    ["an unknown attack", ["--attack", "x"], "there is no attack x"],
    [
      "a duration in which the victim's dispute would be full",
      ["--seconds", "46"],
      "--seconds must be a whole number from 1 to 45",
    ],
    ["an unknown option", ["--loud"], "Unknown option '--loud'"],
  ])("refuses %s and prints the usage", (_, args, reason) => {
    const attempt = (): unknown => parseArguments(args);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(reason);
    expect(attempt).toThrow("Usage: npm run abuse");
  });

  it("has a name of its own for every attack", () => {
    const names = ATTACKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
