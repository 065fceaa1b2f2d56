import { lazy } from "react";

import type { Area } from "../app/area.ts";

export const WEBHOOKS: Area = {
  name: "webhooks",
  label: "Webhooks",
  icon: "link",
  shortcut: "w",
  permission: "webhook:read",
  scope: "tenant",
  Screen: lazy(async () => ({ default: (await import("./screen.tsx")).WebhooksScreen })),
};
