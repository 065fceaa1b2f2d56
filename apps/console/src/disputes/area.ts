import type { Area } from "../app/area.ts";
import { lazyScreen } from "../app/lazy-screen.tsx";

export const DISPUTES: Area = {
  name: "disputes",
  label: "Disputes",
  icon: "scale",
  shortcut: "d",
  permission: "dispute:read",
  scope: "context",
  ...lazyScreen(async () => (await import("./screen.tsx")).DisputesScreen),
};
