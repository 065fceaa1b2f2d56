import { isPublicAddress } from "../../src/outbound/networks.ts";
import { createOutboundPolicy, RefusedError } from "../../src/outbound/policy.ts";

const HOSTILE_URLS = [
  // Loopback, in every notation that a URL parser accepts.
  "https://127.0.0.1/",
  "https://127.0.0.1:8443/",
  "https://127.1/",
  "https://127.0.1/",
  "https://2130706433/",
  "https://017700000001/",
  "https://0177.0.0.1/",
  "https://0x7f.0.0.1/",
  "https://0x7f000001/",
  "https://0x7F.1/",
  "https://127.0.0.1./",
  "https://%31%32%37.0.0.1/",
  "https://１２７.０.０.１/",
  "https://127。0。0。1/",
  "https://127.255.255.254/",
  "https://localhost/",
  "https://LOCALHOST./",
  "https://metadata.localhost/",
  "https://[::1]/",
  "https://[0:0:0:0:0:0:0:1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[0:0:0:0:0:ffff:7f00:0001]/",
  "https://[::127.0.0.1]/",
  "https://[64:ff9b::127.0.0.1]/",
  "https://[64:ff9b::a9fe:a9fe]/",
  "https://[64:ff9b:1::1]/",
  "https://0.0.0.0/",
  "https://0/",
  "https://0.1.2.3/",
  // Private networks, carrier-grade NAT, link-local and metadata services.
  "https://10.0.0.1/",
  "https://167772161/",
  "https://0xa000001/",
  "https://172.16.0.1/",
  "https://172.31.255.255/",
  "https://192.168.1.1/",
  "https://100.64.0.1/",
  "https://100.100.100.200/",
  "https://169.254.169.254/latest/meta-data/",
  "https://2852039166/",
  "https://0xa9.0xfe.0xa9.0xfe/",
  "https://[::ffff:169.254.169.254]/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://168.63.129.16/",
  "https://192.0.0.192/",
  "https://192.0.2.1/",
  "https://198.18.0.1/",
  "https://198.51.100.1/",
  "https://203.0.113.1/",
  "https://224.0.0.1/",
  "https://240.0.0.1/",
  "https://255.255.255.255/",
  "https://[fe80::1]/",
  "https://[fe80::1%25eth0]/",
  "https://[fec0::1]/",
  "https://[fc00::1]/",
  "https://[fd00:ec2::254]/",
  "https://[ff02::1]/",
  "https://[2001:db8::1]/",
  "https://[2001::7f00:1]/",
  "https://[2002:7f00:1::]/",
  "https://[2002:a00:1::]/",
  "https://[3fff::1]/",
  // Other schemes, ports, credentials, and URLs that look like another one.
  "http://example.com/",
  "http://93.184.215.14/",
  "ftp://example.com/",
  "file:///etc/passwd",
  "gopher://127.0.0.1/",
  "https:example.com",
  "https:///example.com",
  "//example.com/",
  "https://example.com:80/",
  "https://example.com:22/",
  "https://example.com:0/",
  "https://example.com:1023/",
  "https://93.184.215.14:25/",
  "https://user@example.com/",
  "https://user:password@example.com/",
  "https://@example.com/",
  "https://example.com@127.0.0.1/",
  "https://example.com\\@127.0.0.1/",
  "https:\\\\127.0.0.1\\",
  "https://exam\tple.com/",
  "https://example.com/\r\nHost: internal",
  "https://127.0.0.1 .example.com/",
  "https://[::1",
  "https://example..com/",
  "https://example.com../",
  "https://./",
  "https://-a.example/",
  "https://a-.example/",
  `https://${"a".repeat(200)}-/`,
  `https://${"a".repeat(64)}.example/`,
  `https://${"a.".repeat(126)}aa/`,
  "https://1.2.3.4.5/",
  "https://256.256.256.256/",
  "https://",
];

const HARMLESS_URLS = [
  "https://example.com/hook?a=b",
  "https://EXAMPLE.com:8443/",
  "https://example.com./",
  "https://93.184.215.14/",
  "https://[2606:2800:21f::1]/",
  "https://[::ffff:93.184.215.14]/",
  "https://[64:ff9b::93.184.215.14]/",
  "https://xn--bcher-kva.example/",
  "https://a_b.c-d.example/",
  `https://${"a".repeat(63)}.example/`,
  `https://${"a.".repeat(126)}a./`,
];

describe("the policy for requests to URLs of users", () => {
  const policy = createOutboundPolicy([]);

  it.each(HOSTILE_URLS)("refuses %j", (url) => {
    expect(() => policy.targetOf(url)).toThrow(RefusedError);
  });

  it.each(HARMLESS_URLS)("accepts %s", (url) => {
    expect(policy.targetOf(url)).toMatchObject({ isPlain: false });
  });

  it("opens the networks that the operator allows, on any port and by plain http, and no others", () => {
    const open = createOutboundPolicy(["10.1.0.0/16", "fd00::/8", "127.0.0.1"]);
    for (const url of [
      "http://10.1.2.3:81/",
      "https://[fd12::1]:22/",
      "http://127.0.0.1/",
      "http://localhost:8080/",
      "http://[::ffff:10.1.2.3]/",
      // Its name may resolve to an allowed address.
      "http://receiver.internal:8080/",
    ])
      expect(open.targetOf(url)).toBeDefined();
    for (const url of ["http://10.2.0.1/", "https://127.0.0.2/", "http://93.184.215.14/"])
      expect(() => open.targetOf(url)).toThrow(RefusedError);
    const named = open.targetOf("http://receiver.internal:8080/");
    expect(open.mayConnect("10.1.0.1", named)).toBe(true);
    expect(open.mayConnect("10.2.0.1", named)).toBe(false);
    expect(open.mayConnect("93.184.215.14", named)).toBe(false);
  });

  it("judges no text that is not an address", () => {
    for (const text of ["", "example.com", "1.2.3", "::g", "127.0.0.1/8"])
      expect(isPublicAddress(text)).toBe(false);
  });
});
