import { lazy } from "react";

import type { Area } from "../app/area.ts";

export const EXPORTS: Area = {
  name: "exports",
  label: "Exports",
  icon: "download",
  shortcut: "e",
  permission: "export-job:read",
  scope: "context",
  Screen: lazy(async () => ({ default: (await import("./screen.tsx")).ExportsScreen })),
};
