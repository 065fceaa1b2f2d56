import { SOURCE_SIDES, SOURCE_TYPES } from "@docket/domain";
import {
  choiceSchema,
  component,
  idSchema,
  instantSchema,
  textSchema,
} from "../openapi/json-schema.ts";
import type { SourceRow } from "./service.ts";

/** A source in a response (docs/api.md §5). */
export function sourceView(row: SourceRow): Readonly<Record<keyof SourceFields, string>> {
  return {
    id: row.id,
    contextId: row.contextId,
    name: row.name,
    type: row.type,
    side: row.side,
    createdAt: row.createdAt.toISOString(),
  };
}

type SourceFields = Pick<SourceRow, "id" | "contextId" | "name" | "type" | "side" | "createdAt">;

export const sourceSchema = component("Source", {
  id: idSchema,
  contextId: idSchema,
  name: textSchema,
  type: choiceSchema(SOURCE_TYPES),
  side: choiceSchema(SOURCE_SIDES),
  createdAt: instantSchema,
});
