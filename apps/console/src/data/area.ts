import type { Area } from "../app/area.ts";
import { lazyScreen } from "../app/lazy-screen.tsx";

export const DATA: Area = {
  name: "data",
  label: "Data",
  icon: "database",
  shortcut: "a",
  permission: "context:read",
  scope: "tenant",
  ...lazyScreen(async () => (await import("./screen.tsx")).DataScreen),
};
