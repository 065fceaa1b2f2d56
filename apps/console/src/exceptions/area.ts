import { lazy } from "react";

import type { Area } from "../app/area.ts";

export const EXCEPTIONS: Area = {
  name: "exceptions",
  label: "Exceptions",
  icon: "alert",
  shortcut: "x",
  permission: "exception:read",
  scope: "context",
  Screen: lazy(async () => ({ default: (await import("./screen.tsx")).ExceptionsScreen })),
};
