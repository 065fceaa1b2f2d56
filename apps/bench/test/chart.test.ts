import { ratioChart } from "../src/exports/chart.ts";

const figures = (ratio: number, compression?: "GZIP") => ({
  report: "MATCHED" as const,
  format: "CSV" as const,
  ...(compression !== undefined && { compression }),
  rows: 1_000,
  seconds: ratio,
  plainSeconds: 1,
  ratio,
  rssMb: null,
  workerCpuSeconds: null,
  postgresCpuSeconds: null,
});

describe("the chart of exports", () => {
  it("has a bar with a name and a figure for each export", () => {
    const chart = ratioChart([figures(0.68), figures(1.35, "GZIP")]);
    expect(chart.match(/class="bar"/g)).toHaveLength(2);
    expect(chart).toContain(">MATCHED CSV<");
    expect(chart).toContain(">MATCHED CSV GZIP<");
    expect(chart).toContain(">0.68<");
    expect(chart).toContain(">1.35<");
  });

  it("draws the bars to the scale of the reference line", () => {
    const chart = ratioChart([figures(0.5), figures(2)]);
    const widths = [...chart.matchAll(/class="bar" .*? width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    const [, start] = /class="bar" x="([\d.]+)"/.exec(chart)!;
    const [, reference] = /<line class="reference" x1="([\d.]+)"/.exec(chart)!;
    expect(widths[1]! / widths[0]!).toBeCloseTo(4);
    expect(widths[0]! * 2).toBeCloseTo(Number(reference) - Number(start), 0);
  });
});
