import { lazy } from "react";

import type { Area } from "../app/area.ts";

export const DISPUTES: Area = {
  name: "disputes",
  label: "Disputes",
  icon: "scale",
  shortcut: "d",
  permission: "dispute:read",
  scope: "context",
  Screen: lazy(async () => ({ default: (await import("./screen.tsx")).DisputesScreen })),
};
