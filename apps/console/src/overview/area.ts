import type { Area } from "../app/area.ts";
import { OverviewScreen } from "./screen.tsx";

export const OVERVIEW: Area = {
  name: "overview",
  label: "Overview",
  icon: "chart",
  shortcut: "o",
  permission: "context:read",
  scope: "context",
  // Part of the first file: it is what people see first.
  load: () => Promise.resolve(),
  Screen: OverviewScreen,
};
