import { addDays } from "@docket/domain";

import type { Random } from "./random.ts";
import { FLOW_WEIGHTS, FLOWS, PARTIES, type Flow } from "./vocabulary.ts";

/** A payment, which becomes a line of the bank statement, postings in the ledger, or both. */
export type Payment = {
  readonly cents: number;
  readonly currency: string;
  readonly flow: Flow;
  readonly party: string;
  readonly reference: string;
  readonly day: string;
};

/** The number of days that the demo data covers. */
export const DAYS = 92;

/** Weights of the minimum amount in cents. The maximum is five times the minimum. */
const MIN_CENTS = { "500": 22, "2500": 34, "12000": 28, "60000": 12, "400000": 3, "2500000": 1 };

/** Creates payments with ascending references, on random days from `firstDay` on. */
export function createPayments(random: Random, firstDay: string): (flow?: Flow) => Payment {
  let count = 0;
  return (requestedFlow) => {
    const flow = requestedFlow ?? random.weighted(FLOW_WEIGHTS);
    const reference = `RE-${100_000 + count}`;
    count += 1;
    const foreign = random.weighted({ USD: 60, GBP: 25, CHF: 15 });
    const currency = flow === "wire" || random.chance(8) ? foreign : "EUR";
    const minCents = Number(random.weighted(MIN_CENTS));
    return {
      flow,
      reference,
      currency,
      cents: random.integer(minCents, minCents * 5) * FLOWS[flow].sign,
      party: random.pick(PARTIES),
      day: addDays(firstDay, random.integer(0, DAYS - 1)),
    };
  };
}
