import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@docket/platform";
import { isDatabaseUnavailable, type Database } from "@docket/platform/database";

/** Whether row-level security binds our database login. Until that is known, nobody's rows may be read. */
export type RoleCheck = {
  readonly isBound: () => boolean;
  /** Resolves after the first try, also when the database was away; rejects when the login is not bound. */
  readonly tried: Promise<void>;
  /** Resolves once it is known to be bound; rejects when it is not. Tries again for as long as the database is away. */
  readonly known: Promise<void>;
  readonly close: () => Promise<void>;
};

const PAUSE_MS = 500;

/** Begins the check. */
export function checkRole(
  database: Pick<Database, "requireRestrictedRole">,
  logger: Logger,
): RoleCheck {
  const stop = new AbortController();
  let bound = false;
  let told = false;

  const attempt = async (): Promise<void> => {
    try {
      await database.requireRestrictedRole();
      bound = true;
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      if (!told) logger.warn({ err: error }, "the database is out of reach; trying on");
      told = true;
    }
  };
  const first = attempt();
  const untilKnown = async (): Promise<void> => {
    await first;
    while (!bound && !stop.signal.aborted) {
      await sleep(PAUSE_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      if (!stop.signal.aborted) await attempt();
    }
  };
  const known = untilKnown();
  const settled = known.catch(() => undefined);
  return {
    isBound: () => bound,
    tried: first,
    known,
    close: async () => {
      stop.abort();
      await settled;
    },
  };
}
