import { lazy } from "react";

import type { Area } from "../app/area.ts";

export const EVENTS: Area = {
  name: "events",
  label: "Events",
  icon: "pulse",
  shortcut: "v",
  permission: "event:read",
  scope: "tenant",
  Screen: lazy(async () => ({ default: (await import("./screen.tsx")).EventsScreen })),
};
