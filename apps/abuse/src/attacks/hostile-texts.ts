import { ATTACKS, textOf } from "@docket/testing/hostile-targets";

import type { Call, Tenant } from "../attacker/tenant.ts";
import type { Attack } from "./attack.ts";
import { postJson, postRecords, transactionLine } from "./calls.ts";

/** Text that a caller sends somewhere, and the longest that is read there. */
type Place = {
  readonly name: string;
  readonly length: number;
  readonly call: (text: string, tenant: Tenant) => Call;
};

const JSON_LENGTH = 65_536;
/** The rest of the line is for the other fields. */
const LINE_LENGTH = 65_000;
/** All headers together have at most 16 KiB. */
const HEADER_LENGTH = 5_000;

const body = (
  name: string,
  path: (tenant: Tenant) => string,
  toBody: (text: string) => object,
): Place => ({
  name,
  length: JSON_LENGTH,
  call: (text, tenant) => postJson(path(tenant), toBody(text)),
});

const exportsOf = ({ contextId }: Tenant): string => `/v1/contexts/${contextId}/export-jobs`;
const evidenceOf = ({ disputeId }: Tenant): string => `/v1/disputes/${disputeId}/evidence`;

const line = (field: string): Place => ({
  name: `records: ${field}`,
  length: LINE_LENGTH,
  call: (text, tenant) => postRecords(tenant, transactionLine("1", { [field]: text })),
});

const header = (name: string): Place => ({
  name,
  length: HEADER_LENGTH,
  call: (text, tenant) => ({
    ...postJson(exportsOf(tenant), {}),
    // Other characters do not pass Node's client.
    headers: { [name]: text.replaceAll(/[^\x20-\x7e]/g, "x") },
  }),
});

const query = (name: string): Place => ({
  name: `?${name}`,
  length: HEADER_LENGTH,
  call: (text) => ({ path: `/v1/disputes?${name}=${text.replaceAll(/[^\w.+/-]/g, "%20")}` }),
});

const PLACES: readonly Place[] = [
  body(
    "context: name",
    () => "/v1/contexts",
    (name) => ({ name }),
  ),
  body("export: reportType", exportsOf, (reportType) => ({ reportType, format: "CSV" })),
  body("export: dateFrom", exportsOf, (dateFrom) => ({
    reportType: "MATCHED",
    format: "CSV",
    dateFrom,
  })),
  body("evidence: fileUrl", evidenceOf, (fileUrl) => ({ comment: "x", fileUrl })),
  body("evidence: comment", evidenceOf, (comment) => ({ comment, fileUrl: "x" })),
  ...["source", "externalId", "amount", "currency", "date", "description", "status"].map(line),
  ...["idempotency-key", "content-type", "if-none-match", "x-request-id", "if-match"].map(header),
  ...["cursor", "sort", "dateFrom", "contextId"].map(query),
];

/** Below this, other work on the machine decides. */
const NOISE_MS = 250;
/** Twice the text should take twice the time. Four times leaves a generous margin. */
const MAX_RATIO = 4;
const REPEATS = 3;

const timeOf = async (tenant: Tenant, call: Call): Promise<number> => {
  const start = performance.now();
  await tenant.send(call);
  return performance.now() - start;
};

async function fastest(tenant: Tenant, call: Call, first: number): Promise<number> {
  const times = [first];
  while (times.length < REPEATS) times.push(await timeOf(tenant, call));
  return Math.min(...times);
}

/** Reports a text that takes more than {@link MAX_RATIO} times as long as its half. */
export const hostileTexts: Attack = {
  name: "hostile-texts",
  run: async (signal, tenant) => {
    for (const text of ATTACKS) {
      for (const { name, length, call } of PLACES) {
        if (signal.aborted) return;
        const whole = call(textOf(text, length), tenant);
        const time = await timeOf(tenant, whole);
        if (time < NOISE_MS) continue;
        const half = call(textOf(text, length / 2), tenant);
        const [wholeMs, halfMs] = [
          await fastest(tenant, whole, time),
          await fastest(tenant, half, Infinity),
        ];
        if (signal.aborted || wholeMs < NOISE_MS || wholeMs < halfMs * MAX_RATIO) continue;
        const times = `${wholeMs.toFixed(0)} ms, half of it ${halfMs.toFixed(0)} ms`;
        tenant.addFault(`${name}: ${JSON.stringify(text)} takes ${times}`);
      }
    }
  },
};
