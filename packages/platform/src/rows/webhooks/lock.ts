import { escapeLiteral } from "../../database/index.ts";

/** Locks an endpoint until the end of the transaction. Claims, the fan-out and changes of one endpoint take turns. */
export const lockEndpoint = (id: string): string =>
  `SELECT 1 FROM webhook_endpoints WHERE id = ${escapeLiteral(id)}::uuid FOR NO KEY UPDATE`;

/**
 * The same, but fails after a second. Others hold the lock for milliseconds; one that was frozen while it held it must not keep the
 * endpoints of others waiting. The caller repeats its work.
 */
export const lockEndpointBriefly = (id: string): string =>
  `SET LOCAL lock_timeout = '1s'; ${lockEndpoint(id)}`;
