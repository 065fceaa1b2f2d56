import { numberEvents } from "@docket/platform/rows";
import type { Tenant } from "./tenant.ts";

/** An event in a response. */
export type EventBody = {
  readonly seq: number;
  readonly type: string;
  readonly subject: string;
  readonly data: Record<string, unknown> | null;
  readonly salt: string | null;
  readonly hash: string;
};

/** Numbers what is committed, as the sequencer of a running process does. */
export async function numberAll({ stage }: Pick<Tenant, "stage">): Promise<void> {
  const { pool } = stage.context.database;
  for (let result = await numberEvents(pool); !result.isDone;)
    result = await numberEvents(pool, result.next);
}

/** The tenant's events, at most 200. */
export async function readFeed(tenant: Tenant, query = "limit=200"): Promise<EventBody[]> {
  await numberAll(tenant);
  const { body } = await tenant.send("get", `/v1/events?${query}`).expect(200);
  return body.items as EventBody[];
}
