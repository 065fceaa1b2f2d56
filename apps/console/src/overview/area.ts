import type { Area } from "../app/area.ts";
import { lazyScreen } from "../app/lazy-screen.tsx";

export const OVERVIEW: Area = {
  name: "overview",
  label: "Overview",
  icon: "chart",
  shortcut: "o",
  permission: "context:read",
  scope: "context",
  ...lazyScreen(async () => (await import("./screen.tsx")).OverviewScreen),
};
