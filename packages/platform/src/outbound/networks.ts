import { BlockList, isIP, isIPv4 } from "node:net";

/** Addresses that are no public hosts (IANA's registry of special-purpose IPv4 addresses), and Azure's metadata service. */
const SPECIAL_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** The only IPv6 addresses that are public hosts. */
const PUBLIC_IPV6 = ["2000::/3"];

/** The exceptions among them: IETF protocols such as Teredo, documentation, and 6to4, which contains IPv4 addresses. */
const SPECIAL_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/** A set of networks, given as CIDR (`10.0.0.0/8`) or as single addresses. */
export type Networks = { readonly has: (address: string) => boolean };

/** Splits a network into its address and the length of its prefix; undefined if it is malformed. */
export function parseNetwork(
  text: string,
): { readonly address: string; readonly prefix: number } | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (bits < 0 || rest.length > 0 || address.includes("%")) return undefined;
  if (length === undefined) return { address, prefix: bits };
  return /^\d{1,3}$/.test(length) && Number(length) <= bits
    ? { address, prefix: Number(length) }
    : undefined;
}

/** @throws Error for a malformed network. */
export function createNetworks(networks: readonly string[]): Networks {
  const list = new BlockList();
  for (const text of networks) {
    const network = parseNetwork(text);
    if (network === undefined) throw new Error(`${text} is not a network`);
    list.addSubnet(network.address, network.prefix, familyOf(network.address));
  }
  return { has: (address) => list.check(address, familyOf(address)) };
}

const familyOf = (address: string): "ipv4" | "ipv6" => (isIPv4(address) ? "ipv4" : "ipv6");

const specialIpv4 = createNetworks(SPECIAL_IPV4);
const publicIpv6 = createNetworks(PUBLIC_IPV6);
const specialIpv6 = createNetworks(SPECIAL_IPV6);

/** True for an address of the public internet. An IPv6 address that stands for an IPv4 address is judged as that one. */
export function isPublicAddress(address: string): boolean {
  const plain = withoutTranslation(address);
  if (isIPv4(plain)) return !specialIpv4.has(plain);
  return isIP(plain) === 6 && publicIpv6.has(plain) && !specialIpv6.has(plain);
}

/** IPv4-mapped addresses (RFC 4291, §2.5.5.2) and the well-known prefix of NAT64 (RFC 6052), as the first six groups of 16 bits. */
const TRANSLATED = ["0:0:0:0:0:ffff", "64:ff9b:0:0:0:0"];

/** The IPv4 address that a mapped or NAT64 address stands for; other addresses as they are. */
export function withoutTranslation(address: string): string {
  const groups = isIP(address) === 6 ? groupsOf(address) : [];
  if (!TRANSLATED.includes(groups.slice(0, 6).join(":"))) return address;
  return groups
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
    .join(".");
}

/** The eight groups of an IPv6 address, in hex without leading zeros. */
function groupsOf(address: string): readonly string[] {
  // URL writes an IPv4 tail as groups, removes leading zeros, and refuses zones, which are link-local.
  const url = `http://[${address}]/`;
  if (!URL.canParse(url)) return [];
  const [head = "", tail] = new URL(url).hostname.slice(1, -1).split("::");
  const split = (text: string): readonly string[] => (text === "" ? [] : text.split(":"));
  if (tail === undefined) return split(head);
  const zeros = 8 - split(head).length - split(tail).length;
  return [...split(head), ...Array.from({ length: zeros }, () => "0"), ...split(tail)];
}
