import type { Area } from "../app/area.ts";
import { lazyScreen } from "../app/lazy-screen.tsx";

export const EXCEPTIONS: Area = {
  name: "exceptions",
  label: "Exceptions",
  icon: "alert",
  shortcut: "x",
  permission: "exception:read",
  scope: "context",
  ...lazyScreen(async () => (await import("./screen.tsx")).ExceptionsScreen),
};
