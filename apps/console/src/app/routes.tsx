import { DATA } from "../data/area.ts";
import { DISPUTES } from "../disputes/area.ts";
import { EVENTS } from "../events/area.ts";
import { EXCEPTIONS } from "../exceptions/area.ts";
import { EXPORTS } from "../exports/area.ts";
import { OVERVIEW } from "../overview/area.ts";
import { TRANSACTIONS } from "../transactions/area.ts";
import { WEBHOOKS } from "../webhooks/area.ts";
import type { Area } from "./area.ts";

/** The areas, in the order of the navigation. */
export const AREAS: readonly Area[] = [
  OVERVIEW,
  EXPORTS,
  EXCEPTIONS,
  DISPUTES,
  DATA,
  EVENTS,
  WEBHOOKS,
  TRANSACTIONS,
];
