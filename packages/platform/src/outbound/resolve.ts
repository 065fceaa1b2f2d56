import { Resolver } from "node:dns/promises";
import { isLocalName } from "./policy.ts";

/** Returns the addresses of a name. Rejects if it has none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/**
 * Resolves names through DNS. Not `dns.lookup`: it occupies one of the process's four threads until the answer, and a tenant whose
 * name server does not answer would hold up all others.
 *
 * @param servers addresses of name servers. Default: those of the system.
 */
export function createResolve(servers?: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return async (name) => {
    if (isLocalName(name)) return ["127.0.0.1", "::1"];
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    const [failed] = answers;
    if (addresses.length === 0)
      throw failed.status === "rejected" ? failed.reason : new Error("the name has no address");
    return addresses;
  };
}
