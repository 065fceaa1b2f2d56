import { escapeLiteral } from "../../database/index.ts";

/** Locks an endpoint until the end of the transaction. Claims, the fan-out and changes of one endpoint take turns. */
export const lockEndpoint = (id: string): string =>
  `SELECT 1 FROM webhook_endpoints WHERE id = ${escapeLiteral(id)}::uuid FOR NO KEY UPDATE`;
