import { inParallel, repeat } from "../attacker/repeat.ts";
import type { Attack } from "./attack.ts";
import { postFile, postRecords, transactionLine } from "./calls.ts";

const AMOUNT = "1".repeat(60_000);
const LINES = 100;

/** The longest that fits into the headers. */
const FILE_NAME = `x${".".repeat(15_000)}x`;
/** A dispute holds 50 (docs/api.md §4). */
const FILES_PER_DISPUTE = 48;

export const longTexts: readonly Attack[] = [
  {
    name: "long-amounts",
    run: (signal, tenant) => {
      const line = (number: number): string => transactionLine(String(number), { amount: AMOUNT });
      const body = Array.from({ length: LINES }, (_, number) => line(number)).join("");
      return repeat(signal, 4, () => tenant.send(postRecords(tenant, body)));
    },
  },
  {
    name: "long-file-names",
    run: (signal, tenant) =>
      repeat(signal, 1, async () => {
        const dispute = { category: "OTHER", description: "Abuse" };
        const { id } = await tenant.client.disputes.create(tenant.exceptionId, dispute);
        const upload = postFile(id, "text/csv", "a,b\n1,2\n", FILE_NAME);
        await inParallel(FILES_PER_DISPUTE, () => tenant.send(upload));
      }),
  },
];
