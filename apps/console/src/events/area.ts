import type { Area } from "../app/area.ts";
import { lazyScreen } from "../app/lazy-screen.tsx";

export const EVENTS: Area = {
  name: "events",
  label: "Events",
  icon: "pulse",
  shortcut: "v",
  permission: "event:read",
  scope: "tenant",
  ...lazyScreen(async () => (await import("./screen.tsx")).EventsScreen),
};
