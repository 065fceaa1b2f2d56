import type { Permission } from "@docket/domain";
import type { Route } from "../http/route.ts";

type Subject = (Permission extends `${infer What}:${string}` ? What : never) | "public";

/** Operations are grouped by what their permission is about, in this order. */
const TAGS = {
  context: { name: "Contexts", description: "Reconciliations, and the sources that feed them." },
  record: { name: "Records", description: "What the matching engine pushes in." },
  "export-job": { name: "Exports", description: "Reports, written in the background." },
  exception: { name: "Exceptions", description: "Transactions that need a person." },
  dispute: { name: "Disputes", description: "The contesting of exceptions, with evidence." },
  public: { name: "Service", description: "For those who run it; without a token." },
} as const satisfies Readonly<Record<Subject, { name: string; description: string }>>;

export const tags = Object.values(TAGS);

/** The tag of a route. */
export const tagOf = ({ permission }: Pick<Route, "permission">): string =>
  TAGS[permission.split(":", 1)[0] as Subject].name;
