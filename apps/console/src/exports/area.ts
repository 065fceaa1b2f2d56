import type { Area } from "../app/area.ts";
import { lazyScreen } from "../app/lazy-screen.tsx";

export const EXPORTS: Area = {
  name: "exports",
  label: "Exports",
  icon: "download",
  shortcut: "e",
  permission: "export-job:read",
  scope: "context",
  ...lazyScreen(async () => (await import("./screen.tsx")).ExportsScreen),
};
