import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createSigningKeys, type SigningKeys } from "../../../src/http/auth/signing-keys.ts";

const MINUTE = 60_000;
const published = (kid: string): object => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...publicKey.export({ format: "jwk" }), kid };
};

let keys: object[];
let up: boolean;
let publisher: Server;
let clock: number;
let find: SigningKeys;

beforeEach(async () => {
  [keys, up, clock] = [[published("a")], true, 0];
  publisher = createServer((_request, response) => {
    response.writeHead(up ? 200 : 503).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => publisher.listen(0, "127.0.0.1", resolve));
  const { port } = publisher.address() as AddressInfo;
  find = createSigningKeys(`http://127.0.0.1:${port}`, { now: () => clock });
});

afterEach(() => {
  publisher.closeAllConnections();
  publisher.close();
});

describe("published keys", () => {
  it("are found by ID, and without an ID when there is only one key", async () => {
    await expect(find("a")).resolves.toBeDefined();
    await expect(find(undefined)).resolves.toBeDefined();
    keys.push(published("b"));
    clock += 11 * MINUTE;
    await expect(find("b")).resolves.toBeDefined();
    await expect(find(undefined)).resolves.toBeUndefined();
  });

  it("are fetched again for an unknown ID after the cooldown", async () => {
    await find("a");
    keys = [published("b")];
    await expect(find("b")).resolves.toBeUndefined();
    clock += 11_000;
    await expect(find("b")).resolves.toBeDefined();
    await expect(find("a")).resolves.toBeUndefined();
  });

  it("are trusted for an hour while their publisher is unavailable", async () => {
    await find("a");
    up = false;
    clock += 50 * MINUTE;
    await expect(find("a")).resolves.toBeDefined();
    clock += 20 * MINUTE;
    await expect(find("a")).rejects.toMatchObject({ code: "dependency_unavailable" });
    up = true;
    clock += MINUTE;
    await expect(find("a")).resolves.toBeDefined();
  });
});
