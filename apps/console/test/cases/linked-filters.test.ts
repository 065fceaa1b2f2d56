import { linkedFilters, workFilters } from "../../src/cases/linked-filters.ts";

const labels = (filters: Parameters<typeof linkedFilters>[0]) =>
  linkedFilters(filters, "ada").map(({ label }) => label);

describe("the filters that a link has set", () => {
  it("names each of them", () => {
    expect(
      labels({ dateFrom: "2026-01-01", dateTo: "2026-01-01", currency: "EUR", assignedTo: "ben" }),
    ).toEqual(["Created 1 Jan 2026", "In EUR", "Assigned to ben"]);
    expect(labels({ dateFrom: "2026-01-01" })).toEqual(["Created from 1 Jan 2026"]);
    expect(labels({ dateTo: "2026-01-31" })).toEqual(["Created until 31 Jan 2026"]);
  });

  it("leaves out what a toggle shows, and takes any text", () => {
    expect(labels({ assignedTo: "ada" })).toEqual([]);
    const work = { assignedTo: "ada", overdue: true } as const;
    expect(workFilters(work, "ada").map(({ label }) => label)).toEqual([
      "Assigned to me",
      "Overdue",
    ]);
    expect(workFilters({ assignedTo: "ben" }, "ada")).toEqual([]);
    expect(labels({ dueBefore: "soon", exceptionId: "x" })).toEqual([
      "Due before soon",
      "Of one exception",
    ]);
  });
});
