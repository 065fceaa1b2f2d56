import type { Area } from "../app/area.ts";
import { lazyScreen } from "../app/lazy-screen.tsx";

export const WEBHOOKS: Area = {
  name: "webhooks",
  label: "Webhooks",
  icon: "link",
  shortcut: "w",
  permission: "webhook:read",
  scope: "tenant",
  ...lazyScreen(async () => (await import("./screen.tsx")).WebhooksScreen),
};
