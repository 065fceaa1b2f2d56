import { DocketError, type CreateSourceRequest } from "@docket/domain";
import {
  currentTenant,
  isUniqueViolation,
  type Prisma,
  type Transaction,
} from "@docket/platform/database";
import { pageArguments, type Window } from "../lists/newest-first.ts";
import { findContext, nameTaken } from "../contexts/service.ts";

export type SourceRow = Prisma.SourceGetPayload<object>;

/**
 * The most sources of a context. Every ingest and every export reads their names. Simultaneous creates may exceed it by a few,
 * which does no harm.
 */
const MAX_SOURCES = 1_000;

/**
 * @throws DocketError `not_found` for the context; `name_taken` if it has a source of that name; `source_limit_reached`.
 */
export async function addSource(
  tx: Transaction,
  contextId: string,
  { name, type, side }: CreateSourceRequest,
): Promise<SourceRow> {
  await findContext(tx, contextId);
  const source = await insertSource(tx, { tenantId: currentTenant(), contextId, name, type, side });
  // After the insert, so that a name which is there already is reported as such.
  if ((await tx.source.count({ where: { contextId } })) > MAX_SOURCES) {
    const detail = `A context can have at most ${MAX_SOURCES} sources.`;
    throw new DocketError("source_limit_reached", detail);
  }
  return source;
}

async function insertSource(
  tx: Transaction,
  data: Prisma.SourceUncheckedCreateInput,
): Promise<SourceRow> {
  try {
    return await tx.source.create({ data });
  } catch (error) {
    if (isUniqueViolation(error)) throw nameTaken("source", error);
    throw error;
  }
}

/** A context's sources, newest first. @throws DocketError `not_found` for the context. */
export async function listSources(
  tx: Transaction,
  contextId: string,
  window: Window,
): Promise<SourceRow[]> {
  await findContext(tx, contextId);
  const { where, ...rest } = pageArguments(window);
  return tx.source.findMany({ ...rest, where: { contextId, ...where } });
}

/** @throws DocketError `bad_request` for a source that is not the context's. */
export async function requireSourceOf(
  tx: Transaction,
  contextId: string,
  id: string,
): Promise<void> {
  const source = await tx.source.findFirst({ where: { id, contextId }, select: { id: true } });
  if (source === null) throw sourceNotInContext();
}

export function sourceNotInContext(): DocketError {
  const detail = "sourceId must be a source of this context";
  return new DocketError("bad_request", `${detail}.`, { errors: [{ field: "sourceId", detail }] });
}
