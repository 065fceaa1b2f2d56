import type { Area } from "../app/area.ts";
import { lazyScreen } from "../app/lazy-screen.tsx";

export const TRANSACTIONS: Area = {
  name: "transactions",
  label: "Transactions",
  icon: "file",
  shortcut: "t",
  permission: "exception:read",
  scope: "context",
  isLinkedOnly: true,
  ...lazyScreen(async () => (await import("./screen.tsx")).TransactionsScreen),
};
