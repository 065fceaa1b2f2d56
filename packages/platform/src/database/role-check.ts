import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../process/logger.ts";
import type { Database } from "./client.ts";
import { isDatabaseUnavailable } from "./errors.ts";

/** Whether row-level security binds the database login. Until that is known, a process must read no rows. */
export type RoleCheck = {
  readonly isBound: () => boolean;
  /** Resolves after the first attempt, even when the database was unavailable; rejects when the login is not bound. */
  readonly attempted: Promise<void>;
  /** Resolves when the login is known to be bound, or at `close`; rejects when it is not. Retries while the database is unavailable. */
  readonly known: Promise<void>;
  readonly close: () => Promise<void>;
};

const RETRY_MS = 500;

/** Starts the check. */
export function checkRole(
  database: Pick<Database, "requireRestrictedRole">,
  logger: Logger,
): RoleCheck {
  const closing = new AbortController();
  let isBound = false;
  let isLogged = false;

  const attempt = async (): Promise<void> => {
    try {
      await database.requireRestrictedRole();
      isBound = true;
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      if (!isLogged) logger.warn({ err: error }, "database unavailable, retrying the role check");
      isLogged = true;
    }
  };
  const attempted = attempt();
  const untilKnown = async (): Promise<void> => {
    await attempted;
    while (!isBound && !closing.signal.aborted) {
      await sleep(RETRY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      if (!closing.signal.aborted) await attempt();
    }
  };
  const known = untilKnown();
  const settled = known.catch(() => undefined);
  return {
    isBound: () => isBound,
    attempted,
    known,
    close: async () => {
      closing.abort();
      await settled;
    },
  };
}
