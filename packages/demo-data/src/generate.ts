import { bookExceptions } from "./exceptions.ts";
import { bookFees } from "./fees.ts";
import { createLedgers, type Entry, type Ledgers } from "./ledgers.ts";
import { createRandom, type Random } from "./random.ts";
import { money, type DemoData } from "./records.ts";

/** Business events; each leaves about two transactions. */
const EVENTS = 24_150;
const SEED = 20_261_123;

/** How often an event ends in each way, in per mille. */
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
 * The demo tenant's records: about 50 000 transactions of the three months up to `today`.
 *
 * Everything but the dates is the same for every `today`; all of it is the same for the same `today`.
 * The dates follow the day of the first start, so that the default export range (30 days back) is never empty.
 */
export function generateDemoData(today: string): DemoData {
  const random = createRandom(SEED);
  const ledgers = createLedgers(random, today);
  for (let event = 0; event < EVENTS; event += 1) {
    play[random.weighted<Outcome>(OUTCOMES)](ledgers, random);
  }
  return {
    transactions: ledgers.entries.map((entry) => entry.record),
    matchGroups: ledgers.groups,
    feeVariances: bookFees(ledgers.entries, createRandom(SEED + 1)),
    exceptions: bookExceptions(ledgers.entries, createRandom(SEED + 2), today),
  };
}

const play = {
  matched: (ledgers, random) => {
    const bank = ledgers.bank();
    const entry = ledgers.counterpart(bank);
    confirm([bank, entry]);
    ledgers.group(items([bank, entry]), rule(random));
  },
  /** One line of the bank for several postings. */
  batch: (ledgers, random) => {
    const bank = ledgers.bank("cards");
    const postings = partsOf(bank.cents, random.integer(2, 6), random).map((cents) =>
      ledgers.counterpart(bank, cents),
    );
    confirm([bank, ...postings]);
    ledgers.group(items([bank, ...postings]), { rule: "batch-sum", confidence: 92.5 });
  },
  /** One line of the bank, allocated to two groups. */
  split: (ledgers, random) => {
    const bank = ledgers.bank("invoice");
    for (const cents of partsOf(bank.cents, 2, random)) {
      const posting = ledgers.counterpart(bank, cents);
      confirm([bank, posting]);
      const [first, second] = items([bank, posting]);
      ledgers.group([{ ...first!, amount: money(cents) }, second!], {
        rule: "partial-allocation",
        confidence: 88,
      });
    }
  },
  /** The amounts nearly agree: somebody is to confirm it. */
  proposed: (ledgers, random) => {
    const bank = ledgers.bank();
    const posting = ledgers.counterpart(
      bank,
      bank.cents - Math.sign(bank.cents) * random.integer(1, 99),
    );
    const confidence = random.integer(45, 70) + 0.25;
    ledgers.group(items([bank, posting]), { rule: "amount-near", confidence, status: "PROPOSED" });
  },
  rejected: (ledgers, random) => {
    const bank = ledgers.bank();
    const posting = ledgers.counterpart(bank);
    const confidence = random.integer(30, 60);
    ledgers.group(items([bank, posting]), { rule: "fuzzy-text", confidence, status: "REJECTED" });
  },
  bankOnly: (ledgers, random) => mark(ledgers.bank(), random),
  ledgerOnly: (ledgers, random) => mark(ledgers.ledger(), random),
} satisfies Record<Outcome, (ledgers: Ledgers, random: Random) => void>;

const items = (entries: readonly Entry[]) =>
  entries.map(({ record }) => ({ source: record.source, transaction: record.externalId }));

const confirm = (entries: readonly Entry[]): void => {
  for (const entry of entries) entry.matched = true;
};

function mark(entry: Entry, random: Random): void {
  const status = random.weighted({ UNMATCHED: 70, PENDING_REVIEW: 20, IGNORED: 10 });
  if (status !== "UNMATCHED") entry.record = { ...entry.record, status };
}

function rule(random: Random): { rule: string; confidence: number } {
  const name = random.weighted({ "exact-reference": 78, "amount-and-date": 17, "fuzzy-text": 5 });
  if (name === "exact-reference") return { rule: name, confidence: 100 };
  const [least, most] = name === "amount-and-date" ? [85, 97] : [60, 84];
  return { rule: name, confidence: random.integer(least, most) + 0.5 };
}

/** Cuts an amount into parts of at least a cent that add up to it. */
function partsOf(cents: number, count: number, random: Random): number[] {
  const parts: number[] = [];
  let left = Math.abs(cents);
  for (let rest = count - 1; rest > 0; rest -= 1) {
    const part = random.integer(1, Math.max(1, Math.floor((left - rest) / 2)));
    parts.push(part);
    left -= part;
  }
  return [...parts, left].map((part) => part * Math.sign(cents));
}
