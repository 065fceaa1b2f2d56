import { PassThrough } from "node:stream";

import { createProgressLines, renderBar } from "../src/progress-lines.ts";

describe("createProgressLines", () => {
  it("appends a line for each change when the output is not a terminal", () => {
    const output = new PassThrough().setEncoding("utf8");
    const lines = createProgressLines(output, (percent: number) => `${percent} %`);
    const line = lines.add(0);
    for (const percent of [0, 0, 50, 50, 100]) line.update(percent);
    lines.stop();
    expect(output.read()).toBe("0 %\n50 %\n100 %\n");
  });
});

describe("renderBar", () => {
  it.each([
    [0, "░░░░"],
    [0.5, "██░░"],
    [0.99, "███░"],
    [1, "████"],
  ])("shows the fraction %d as %s", (fraction, expected) => {
    expect(renderBar(fraction, 4)).toBe(expected);
  });
});
