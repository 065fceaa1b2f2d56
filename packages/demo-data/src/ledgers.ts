import { addDays, dayNumber } from "@docket/domain";

import type { Random } from "./random.ts";
import { money, type MatchGroupRecord, type TransactionRecord } from "./records.ts";
import {
  BANK,
  FLOW_WEIGHTS,
  FLOWS,
  LEDGER,
  ODD_DESCRIPTIONS,
  PARTIES,
  type Flow,
} from "./vocabulary.ts";

/** A transaction and what the other records are made from. */
export type Entry = {
  record: TransactionRecord;
  matched: boolean;
  readonly cents: number;
  readonly flow: Flow;
  readonly party: string;
  readonly reference: string;
  readonly day: string;
};

/** The two sources as they are being filled. */
export type Ledgers = ReturnType<typeof createLedgers>;

const DAYS = 92;
/** One line in this many has a description to stumble over. */
const ODD_EVERY = 397;
/** Least amounts in cents; the most is five times as much. */
const MAGNITUDES = { "500": 22, "2500": 34, "12000": 28, "60000": 12, "400000": 3, "2500000": 1 };

/** Opens two empty sources whose days end with `today`. */
export function createLedgers(random: Random, today: string) {
  const entries: Entry[] = [];
  const groups: MatchGroupRecord[] = [];
  const numbers = { bank: 0, ledger: 0 };
  const first = addDays(today, 1 - DAYS);

  /** Banks book on working days: a weekend's lines come on Friday, unless that was before the first day. */
  const bookingDay = (day: string): string => {
    // 0000-03-01, the calendar's day 0 in the domain, was a Wednesday.
    const weekday = (dayNumber(day) + 3) % 7;
    const friday = weekday === 6 ? addDays(day, -1) : weekday === 0 ? addDays(day, -2) : day;
    return friday < first ? day : friday;
  };

  const describe = (usual: string): string =>
    entries.length % ODD_EVERY === ODD_EVERY - 1 ? random.pick(ODD_DESCRIPTIONS) : usual;

  const add = (source: "bank" | "ledger", from: Omit<Entry, "record" | "matched">): Entry => {
    numbers[source] += 1;
    const number = String(numbers[source]).padStart(7, "0");
    const { bank, ledger } = FLOWS[from.flow];
    const { reference, party } = from;
    const usual =
      source === "bank" ? `${bank} ${reference} ${party}` : `${ledger} ${party}, ${reference}`;
    const clock = [random.integer(6, 19), random.integer(0, 59), random.integer(0, 59)]
      .map((part) => String(part).padStart(2, "0"))
      .join(":");
    const entry: Entry = {
      ...from,
      matched: false,
      record: {
        source: source === "bank" ? BANK.name : LEDGER.name,
        externalId: source === "bank" ? `BNK-${number}` : `GL-${number}`,
        amount: money(from.cents),
        currency: currencies.get(from.reference) ?? "EUR",
        date: source === "bank" ? from.day : `${from.day}T${clock}Z`,
        description: describe(usual),
      },
    };
    entries.push(entry);
    return entry;
  };

  const currencies = new Map<string, string>();
  const event = (wanted?: Flow): Omit<Entry, "record" | "matched"> => {
    const flow = wanted ?? random.weighted(FLOW_WEIGHTS);
    const reference = `RE-${100_000 + currencies.size}`;
    const foreign = random.weighted({ USD: 60, GBP: 25, CHF: 15 });
    currencies.set(reference, flow === "wire" || random.chance(8) ? foreign : "EUR");
    const least = Number(random.weighted(MAGNITUDES));
    return {
      flow,
      reference,
      cents: random.integer(least, least * 5) * FLOWS[flow].sign,
      party: random.pick(PARTIES),
      day: addDays(first, random.integer(0, DAYS - 1)),
    };
  };

  return {
    entries: entries as readonly Entry[],
    groups: groups as readonly MatchGroupRecord[],
    /** A line of the bank's statement. */
    bank: (flow?: Flow): Entry => {
      const from = event(flow);
      return add("bank", { ...from, day: bookingDay(from.day) });
    },
    /** A posting that the bank knows nothing of. */
    ledger: (): Entry => add("ledger", event()),
    /** The posting for a line of the bank, up to three days before it. */
    counterpart: (bank: Entry, cents: number = bank.cents): Entry => {
      const day = addDays(bank.day, -random.integer(0, 3));
      return add("ledger", { ...bank, cents, day: day < first ? first : day });
    },
    group: (
      items: MatchGroupRecord["items"],
      about: Pick<MatchGroupRecord, "rule" | "confidence" | "status">,
    ): void => {
      const externalId = `MG-${String(groups.length + 1).padStart(7, "0")}`;
      groups.push({ externalId, ...about, items });
    },
  };
}
