import type { Dependencies } from "@docket/platform/monitoring";
import type { ApiContext } from "../context.ts";

/** How the API asks each of its dependencies. */
export const dependenciesOf = ({
  database,
  role,
  queue,
  storage,
}: Pick<ApiContext, "database" | "role" | "queue" | "storage">): Dependencies => ({
  database: async () => {
    await database.ping();
    if (!role.isBound()) throw new Error("the database login has not been checked yet");
  },
  queue: queue.ping,
  storage: storage?.ping,
});
