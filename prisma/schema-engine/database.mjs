// What the native engine does to a database outside the migrations: knock at its door, or create it.
import { createAdapterFactory } from "./adapter.mjs";

/** Prisma's public codes for the failures that its CLI knows how to explain. */
const CODES = {
  DatabaseNotReachable: "P1001",
  SocketTimeout: "P1002",
  DatabaseDoesNotExist: "P1003",
  DatabaseAlreadyExists: "P1009",
  DatabaseAccessDenied: "P1010",
  TlsConnectionError: "P1011",
  AuthenticationFailed: "P1000",
};

/** Connects to `url`, runs one query to be sure, then `action`, and closes. */
export async function withConnection(url, action) {
  const adapter = await createAdapterFactory(url).connect();
  try {
    await adapter.queryRaw({ sql: "SELECT 1", args: [], argTypes: [] });
    return await action(adapter);
  } finally {
    await adapter.dispose();
  }
}

/** Creates the database that `url` names, through the server's maintenance database; returns its name. */
export async function createDatabase(url) {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  target.pathname = "/postgres";
  const identifier = `"${name.replaceAll('"', '""')}"`;
  await withConnection(target.href, (adapter) =>
    adapter.executeScript(`CREATE DATABASE ${identifier}`),
  );
  return name;
}

/** How the CLI wants to hear about a failed connection: a code and a sentence, without the password. */
export function connectionFailure(error, url) {
  const kind = error?.cause?.kind ?? "";
  const { host } = URL.canParse(url ?? "") ? new URL(url) : { host: "the database" };
  const detail = error?.cause?.originalMessage ?? error?.message ?? String(error);
  return { code: CODES[kind] ?? "P1001", message: `Can't use the database at ${host}: ${detail}` };
}
