import { RESOURCES, type Resource } from "../query/keys.ts";

/** The resources that an event of each family may have changed. Every event is one of the feed, too. */
const AFFECTED: Readonly<Record<string, readonly Resource[]>> = {
  "export-job": ["exports", "summary"],
  dispute: ["disputes", "exceptions", "summary"],
  exception: ["exceptions", "disputes", "summary"],
  records: ["contexts", "summary", "transactions", "exceptions", "disputes"],
  context: ["contexts"],
  source: ["sources"],
  "webhook-endpoint": ["webhooks"],
  webhook: ["webhooks"],
};

/** What to read again after an event of this type, such as `dispute.won`. */
export function affectedBy(type: string): readonly Resource[] {
  const [family = ""] = type.split(".");
  return [RESOURCES.events, ...(AFFECTED[family] ?? [])];
}
