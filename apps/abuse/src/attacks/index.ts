import { once } from "node:events";

import type { Attack } from "./attack.ts";
import { endlessBodies } from "./endless-bodies.ts";
import { eventAttacks } from "./events.ts";
import { gzipBombs } from "./gzip-bombs.ts";
import { hostileTexts } from "./hostile-texts.ts";
import { longTexts } from "./long-texts.ts";
import { slowConnections } from "./slow-connections.ts";
import { storms } from "./storms.ts";

export type { Need } from "./attack.ts";

/** Shows what the machine does without an attack. */
const none: Attack = { name: "none", run: async (signal) => void (await once(signal, "abort")) };

/** All attacks, in the order in which they run. The exports come last, because they outlast their attack. */
export const ATTACKS: readonly Attack[] = [
  none,
  ...longTexts,
  hostileTexts,
  ...gzipBombs,
  ...slowConnections,
  ...endlessBodies,
  ...eventAttacks,
  ...storms,
];

/** @throws Error if there is none of this name. */
export function findAttack(name: string): Attack {
  const attack = ATTACKS.find((each) => each.name === name);
  if (attack === undefined) throw new Error(`There is no attack ${name}`);
  return attack;
}
