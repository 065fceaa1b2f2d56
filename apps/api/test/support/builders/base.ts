import type request from "supertest";
import type { Caller } from "../caller.ts";
import type { Stage } from "../stage.ts";

/** What the builders of a tenant work with. */
export type TenantBase = {
  readonly stage: Stage;
  readonly tenantId: string;
  readonly contextId: string;
  /** The source Bank of the context. */
  readonly sourceId: string;
  readonly caller: Caller;
  /** Sends a request as a principal of the tenant, by default alice. */
  readonly send: (
    method: "get" | "post" | "patch",
    path: string,
    body?: object,
    subject?: string,
  ) => request.Test;
  /** Runs `work` with access to the tenant's rows. */
  readonly inTenant: <T>(work: () => Promise<T>) => Promise<T>;
};
