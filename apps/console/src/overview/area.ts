import { lazy } from "react";

import type { Area } from "../app/area.ts";

export const OVERVIEW: Area = {
  name: "overview",
  label: "Overview",
  icon: "chart",
  shortcut: "o",
  permission: "context:read",
  scope: "context",
  Screen: lazy(async () => ({ default: (await import("./screen.tsx")).OverviewScreen })),
};
