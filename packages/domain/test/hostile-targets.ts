import Joi from "joi";
import { attackSchema, tryEach } from "@docket/testing/hostile-targets";
import type { Targets } from "@docket/testing/hostile-texts";
import { isDay } from "../src/calendar.ts";
import * as domain from "../src/index.ts";
import { parseInstant, parseTimestamp } from "../src/record/instant.ts";
import type { RecordTable } from "../src/record/kinds.ts";

const { RECORD_KINDS, recordTables, validate } = domain;

type Schemas = readonly (readonly [name: string, schema: Joi.ObjectSchema])[];

/** Every schema of a request, and every map of filters, that the domain exports. */
const SCHEMAS: Schemas = Object.entries(domain).flatMap(([name, value]) => {
  if (Joi.isSchema(value)) return [[name, value as Joi.ObjectSchema] as const];
  const isFilters = isObject(value) && Object.values(value).every((each) => Joi.isSchema(each));
  return isFilters ? [[name, Joi.object(value as Joi.PartialSchemaMap)] as const] : [];
});

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const ignore = (): void => undefined;
const noSource: domain.FindSource = () => undefined;

/** The text as the value of each field, also of an item, as the name of a field, and as the whole record. */
async function attackRecord(kind: domain.RecordKind, text: string): Promise<void> {
  const { fields, items = [] }: RecordTable = recordTables[kind];
  const full = (names: readonly { readonly name: string }[]): Record<string, unknown> =>
    Object.fromEntries(names.map(({ name }) => [name, text]));
  const faults = domain.createLineFaults();
  const fault: domain.TakeFault = (field, detail) => faults.add(1, field, detail);
  const checkJson = domain.jsonRecordChecker(kind, noSource);
  checkJson({ ...full(fields), items: [full(items), { [text]: text }, text] }, ignore, fault);
  checkJson({ [text]: text, items: text }, ignore, fault);
  checkJson(text, ignore, fault);
  domain.csvRecordChecker(kind, noSource)(full([...fields, ...items]), ignore, fault);
  domain.checkCsvHeader(kind, [text, ...text.split(",")], fault);
  await tryEach(faults.throwIfAny);
}

export const targets: Targets = {
  ...Object.fromEntries(
    SCHEMAS.map(([name, schema]) => [name, (text: string) => attackSchema(schema, text, validate)]),
  ),
  ...Object.fromEntries(
    RECORD_KINDS.map((kind) => [`a record of ${kind}`, (text: string) => attackRecord(kind, text)]),
  ),
  uuid: (text) => attackSchema(Joi.object({ id: domain.uuid() }), text, validate),
  isUuid: domain.isUuid,
  isDay,
  parseInstant,
  parseTimestamp,
  evidenceTypeOf: domain.evidenceTypeOf,
  safeFileName: (text) => domain.safeFileName(text, "text/csv", "fallback"),
  looksLike: (text) => {
    const bytes = new TextEncoder().encode(text);
    for (const type of Object.keys(domain.EVIDENCE_TYPES) as domain.EvidenceType[])
      domain.looksLike(type, bytes);
  },
};
