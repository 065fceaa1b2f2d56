import type { Tenant } from "../attacker/tenant.ts";

/** Data of the attacking tenant that takes time to make and that only some attacks need. */
export type Need = "transactions" | "pages";

/** What a tenant does to harm others. */
export type Attack = {
  readonly name: string;
  readonly needs?: readonly Need[];
  /** Ends soon after `signal` aborts, or before. */
  readonly run: (signal: AbortSignal, tenant: Tenant) => Promise<void>;
};
