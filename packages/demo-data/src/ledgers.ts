import { addDays, dayNumber } from "@docket/domain";

import { createPayments, DAYS, type Payment } from "./payments.ts";
import type { Random } from "./random.ts";
import { money, type MatchGroupRecord, type TransactionRecord } from "./records.ts";
import { BANK, FLOWS, LEDGER, ODD_DESCRIPTIONS, type Flow } from "./vocabulary.ts";

/** A transaction, with the payment that the other records are derived from. */
export type Entry = Payment & {
  record: TransactionRecord;
  matched: boolean;
};

/** The two sources and their match groups. */
export type Ledgers = {
  readonly entries: readonly Entry[];
  readonly groups: readonly MatchGroupRecord[];
  /** Adds a line to the bank statement. */
  readonly addBankLine: (flow?: Flow) => Entry;
  /** Adds a posting without a line in the bank statement. */
  readonly addPosting: () => Entry;
  /** Adds the posting for a bank line, dated up to three days earlier. */
  readonly addCounterpart: (bankLine: Entry, cents?: number) => Entry;
  readonly addGroup: (
    items: MatchGroupRecord["items"],
    match: Pick<MatchGroupRecord, "rule" | "confidence" | "status">,
  ) => void;
};

/** Creates two empty sources whose last day is `today`. */
export function createLedgers(random: Random, today: string): Ledgers {
  const entries: Entry[] = [];
  const groups: MatchGroupRecord[] = [];
  const firstDay = addDays(today, 1 - DAYS);
  const nextPayment = createPayments(random, firstDay);
  const describe = (usual: string): string =>
    entries.length % ODD_EVERY === ODD_EVERY - 1 ? random.pick(ODD_DESCRIPTIONS) : usual;
  const counts = { bank: 0, ledger: 0 };

  const add = (source: keyof typeof counts, payment: Payment): Entry => {
    counts[source] += 1;
    const toRecord = source === "bank" ? bankRecord : ledgerRecord;
    const record = toRecord(payment, counts[source], timeOfDay(random));
    const entry = {
      ...payment,
      matched: false,
      record: { ...record, description: describe(record.description) },
    };
    entries.push(entry);
    return entry;
  };

  return {
    entries,
    groups,
    addBankLine: (flow) => {
      const payment = nextPayment(flow);
      return add("bank", { ...payment, day: bookingDay(payment.day, firstDay) });
    },
    addPosting: () => add("ledger", nextPayment()),
    addCounterpart: (bankLine, cents = bankLine.cents) => {
      const day = addDays(bankLine.day, -random.integer(0, 3));
      return add("ledger", { ...bankLine, cents, day: day < firstDay ? firstDay : day });
    },
    addGroup: (items, match) => {
      groups.push({ externalId: `MG-${sequenceNumber(groups.length + 1)}`, ...match, items });
    },
  };
}

/** One transaction in this many has an odd description. */
const ODD_EVERY = 397;

const sequenceNumber = (number: number): string => String(number).padStart(7, "0");

function bankRecord(payment: Payment, number: number): TransactionRecord {
  const { cents, currency, day, flow, party, reference } = payment;
  return {
    source: BANK.name,
    externalId: `BNK-${sequenceNumber(number)}`,
    amount: money(cents),
    currency,
    date: day,
    description: `${FLOWS[flow].bank} ${reference} ${party}`,
  };
}

function ledgerRecord(payment: Payment, number: number, time: string): TransactionRecord {
  const { cents, currency, day, flow, party, reference } = payment;
  return {
    source: LEDGER.name,
    externalId: `GL-${sequenceNumber(number)}`,
    amount: money(cents),
    currency,
    date: `${day}T${time}Z`,
    description: `${FLOWS[flow].ledger} ${party}, ${reference}`,
  };
}

function timeOfDay(random: Random): string {
  return [random.integer(6, 19), random.integer(0, 59), random.integer(0, 59)]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** Banks book on working days: weekend lines are dated to the Friday before, except before the first day. */
function bookingDay(day: string, firstDay: string): string {
  // Day 0 of the domain's calendar, 0000-03-01, was a Wednesday.
  const weekday = (dayNumber(day) + 3) % 7;
  const friday = weekday === 6 ? addDays(day, -1) : weekday === 0 ? addDays(day, -2) : day;
  return friday < firstDay ? day : friday;
}
