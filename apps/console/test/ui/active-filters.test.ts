import { activeFilters, removal } from "../../src/ui/active-filters.ts";

const FILTERS = [
  {
    name: "status",
    label: "Status",
    options: [
      { value: "OPEN", label: "Open" },
      { value: "ASSIGNED", label: "Assigned" },
    ],
  },
  { name: "severity", label: "Severity", options: [{ value: "HIGH", label: "High" }] },
];

it("names the filters that are set, with their values, and removes them by their names", () => {
  const active = activeFilters(FILTERS, { status: ["ASSIGNED", "OPEN"], cursor: "x" });
  expect(active).toEqual([{ label: "Status: Open, Assigned", names: ["status"] }]);
  expect(removal([...active, { label: "Days", names: ["dateFrom", "dateTo"] }])).toEqual({
    status: undefined,
    dateFrom: undefined,
    dateTo: undefined,
  });
});
