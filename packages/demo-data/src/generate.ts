import { createExceptions } from "./exceptions.ts";
import { createFeeVariances } from "./fees.ts";
import { createLedgers, type Entry, type Ledgers } from "./ledgers.ts";
import { createRandom, type Random } from "./random.ts";
import { money, type DemoData } from "./records.ts";

/** Payments. Each leaves about two transactions. */
const PAYMENTS = 24_150;
const SEED = 20_261_123;

/** How many of a thousand payments have each outcome. */
const OUTCOMES = {
  matched: 898,
  batch: 36,
  split: 10,
  proposed: 10,
  rejected: 4,
  bankOnly: 22,
  ledgerOnly: 20,
} as const;

type Outcome = keyof typeof OUTCOMES;

/**
 * The demo tenant's records: about 50,000 transactions of the three months that end with `today`.
 *
 * The data is deterministic, and only its dates depend on `today`. They follow the day of the first start so that the
 * default export range of 30 days is never empty.
 */
export function generateDemoData(today: string): DemoData {
  const random = createRandom(SEED);
  const ledgers = createLedgers(random, today);
  for (let payment = 0; payment < PAYMENTS; payment += 1) {
    book[random.weighted<Outcome>(OUTCOMES)](ledgers, random);
  }
  return {
    transactions: ledgers.entries.map((entry) => entry.record),
    matchGroups: ledgers.groups,
    feeVariances: createFeeVariances(ledgers.entries, createRandom(SEED + 1)),
    exceptions: createExceptions(ledgers.entries, createRandom(SEED + 2), today),
  };
}

const book = {
  matched: (ledgers, random) => {
    const bankLine = ledgers.addBankLine();
    const posting = ledgers.addCounterpart(bankLine);
    markMatched([bankLine, posting]);
    ledgers.addGroup(groupItems([bankLine, posting]), pickRule(random));
  },
  /** One bank line for several postings. */
  batch: (ledgers, random) => {
    const bankLine = ledgers.addBankLine("cards");
    const postings = splitAmount(bankLine.cents, random.integer(2, 6), random).map((cents) =>
      ledgers.addCounterpart(bankLine, cents),
    );
    markMatched([bankLine, ...postings]);
    const match = { rule: "batch-sum", confidence: 92.5 };
    ledgers.addGroup(groupItems([bankLine, ...postings]), match);
  },
  /** One bank line, allocated to two groups. */
  split: (ledgers, random) => {
    const bankLine = ledgers.addBankLine("invoice");
    for (const cents of splitAmount(bankLine.cents, 2, random)) {
      const posting = ledgers.addCounterpart(bankLine, cents);
      markMatched([bankLine, posting]);
      const [bankItem, postingItem] = groupItems([bankLine, posting]);
      const items = [{ ...bankItem!, amount: money(cents) }, postingItem!];
      ledgers.addGroup(items, { rule: "partial-allocation", confidence: 88 });
    }
  },
  /** The amounts differ by less than 1.00, and a person has to confirm the match. */
  proposed: (ledgers, random) => {
    const bankLine = ledgers.addBankLine();
    const difference = Math.sign(bankLine.cents) * random.integer(1, 99);
    const posting = ledgers.addCounterpart(bankLine, bankLine.cents - difference);
    const confidence = random.integer(45, 70) + 0.25;
    const match = { rule: "amount-near", confidence, status: "PROPOSED" } as const;
    ledgers.addGroup(groupItems([bankLine, posting]), match);
  },
  rejected: (ledgers, random) => {
    const bankLine = ledgers.addBankLine();
    const posting = ledgers.addCounterpart(bankLine);
    const confidence = random.integer(30, 60);
    const match = { rule: "fuzzy-text", confidence, status: "REJECTED" } as const;
    ledgers.addGroup(groupItems([bankLine, posting]), match);
  },
  bankOnly: (ledgers, random) => markUnmatched(ledgers.addBankLine(), random),
  ledgerOnly: (ledgers, random) => markUnmatched(ledgers.addPosting(), random),
} satisfies Record<Outcome, (ledgers: Ledgers, random: Random) => void>;

const groupItems = (entries: readonly Entry[]) =>
  entries.map(({ record }) => ({ source: record.source, transaction: record.externalId }));

function markMatched(entries: readonly Entry[]): void {
  for (const entry of entries) entry.matched = true;
}

function markUnmatched(entry: Entry, random: Random): void {
  const status = random.weighted({ UNMATCHED: 70, PENDING_REVIEW: 20, IGNORED: 10 });
  if (status !== "UNMATCHED") entry.record = { ...entry.record, status };
}

function pickRule(random: Random): { rule: string; confidence: number } {
  const rule = random.weighted({ "exact-reference": 78, "amount-and-date": 17, "fuzzy-text": 5 });
  if (rule === "exact-reference") return { rule, confidence: 100 };
  const [min, max] = rule === "amount-and-date" ? [85, 97] : [60, 84];
  return { rule, confidence: random.integer(min, max) + 0.5 };
}

/** Splits an amount into parts of at least one cent that add up to it. */
function splitAmount(cents: number, count: number, random: Random): number[] {
  const parts: number[] = [];
  let remaining = Math.abs(cents);
  for (let later = count - 1; later > 0; later -= 1) {
    const part = random.integer(1, Math.max(1, Math.floor((remaining - later) / 2)));
    parts.push(part);
    remaining -= part;
  }
  return [...parts, remaining].map((part) => part * Math.sign(cents));
}
