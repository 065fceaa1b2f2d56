import type { Permission } from "@docket/domain";
import type { Route } from "../http/route.ts";

type Subject = (Permission extends `${infer What}:${string}` ? What : never) | "public";

/** Operations are grouped by the subject of their permission, in this order. */
const TAGS = {
  context: { name: "Contexts", description: "Reconciliations and their sources." },
  record: {
    name: "Records",
    description: "Ingestion of transactions, match groups, fee variances and exceptions.",
  },
  "export-job": { name: "Exports", description: "Reports, written to files in the background." },
  exception: { name: "Exceptions", description: "Transactions that need a person's attention." },
  dispute: { name: "Disputes", description: "Challenges to exceptions, with their evidence." },
  event: { name: "Events", description: "What happened, in an order that never changes." },
  webhook: { name: "Webhooks", description: "Endpoints to which events are sent." },
  public: { name: "Service", description: "Health checks and this document. They need no token." },
} as const satisfies Readonly<Record<Subject, { name: string; description: string }>>;

export const tags = Object.values(TAGS);

/** The tag of a route. */
export const tagOf = ({ permission }: Pick<Route, "permission">): string =>
  TAGS[permission.split(":", 1)[0] as Subject].name;
