// The driver adapter that the engine works through: Prisma's own for `pg`, but for one thing.
import { PrismaPg } from "@prisma/adapter-pg";

/**
 * A factory of adapters for `url`. Prisma's adapter cuts a script at every semicolon, also at those in
 * comments, texts and function bodies. The native engine sends a migration as it is, and so does this:
 * the server then runs it as one transaction, unless the script says otherwise.
 */
export function createAdapterFactory(url) {
  const factory = new PrismaPg(
    // One connection: the advisory lock around a migration belongs to the session that took it.
    { connectionString: url, max: 1, idleTimeoutMillis: 0, application_name: "docket-migrate" },
    { schema: schemaOf(url) },
  );
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => sendScriptsWhole(await factory.connect()),
    connectToShadowDb: async () => sendScriptsWhole(await factory.connectToShadowDb()),
  };
}

function sendScriptsWhole(adapter) {
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script);
    } catch (error) {
      adapter.onError(error);
    }
  };
  return adapter;
}

function schemaOf(url) {
  return (url && new URL(url).searchParams.get("schema")) || "public";
}
