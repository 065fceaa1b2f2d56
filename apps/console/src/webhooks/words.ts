import type { WebhookDelivery, WebhookEndpoint } from "@docket/client";

import { FAMILIES } from "../live/families.ts";
import type { Words } from "../ui/words.ts";

const DISABLED: Readonly<Record<string, string>> = {
  gone: "Disabled: the address no longer exists (410)",
  failing: "Disabled: every delivery failed for 120 hours",
};

/** The state of an endpoint in words. */
export function endpointWords({ enabled, disabledReason, failingSince }: WebhookEndpoint): Words {
  if (!enabled) {
    const label = DISABLED[disabledReason ?? ""] ?? "Disabled";
    return { label, tone: disabledReason === undefined ? "neutral" : "negative", icon: "ban" };
  }
  if (failingSince !== undefined) return { label: "Failing", tone: "warning", icon: "alert" };
  return { label: "Enabled", tone: "positive", icon: "check" };
}

const DELIVERY: Readonly<Record<string, Words>> = {
  PENDING: { label: "Pending", tone: "neutral", icon: "clock" },
  DELIVERED: { label: "Delivered", tone: "positive", icon: "check" },
  FAILED: { label: "Failed", tone: "negative", icon: "alert" },
};

export const deliveryWords = ({ status }: WebhookDelivery): Words =>
  DELIVERY[status] ?? { label: status, tone: "neutral", icon: "info" };

export const DELIVERY_STATUSES = Object.entries(DELIVERY).map(([value, { label }]) => ({
  value,
  label,
}));

/** The types of an endpoint: families by their name, others as they are. */
export const typesLabel = (types: readonly string[]): string =>
  types
    .filter((type) => type !== "webhook.*")
    .map((type) => FAMILIES.find(({ value }) => value === type)?.label ?? type)
    .join(", ");
