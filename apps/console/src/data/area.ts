import { lazy } from "react";

import type { Area } from "../app/area.ts";

export const DATA: Area = {
  name: "data",
  label: "Data",
  icon: "database",
  shortcut: "a",
  permission: "context:read",
  scope: "tenant",
  Screen: lazy(async () => ({ default: (await import("./screen.tsx")).DataScreen })),
};
