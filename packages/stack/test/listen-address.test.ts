import { createServer } from "node:net";

import { assertPortFree, listenAddress, localUrl } from "../src/listen-address.ts";

describe("listenAddress", () => {
  it.each([
    [{}, { host: "127.0.0.1", port: 3_000 }],
    [{ PORT: "" }, { host: "127.0.0.1", port: 3_000 }],
    [{ PORT: "0" }, { host: "127.0.0.1", port: 0 }],
    [
      { PORT: "8080", HOST: "0.0.0.0" },
      { host: "0.0.0.0", port: 8_080 },
    ],
  ])("reads %j as %j", (environment, expected) => {
    expect(listenAddress(environment)).toEqual(expected);
  });

  it.each(["abc", "-1", "65536", "1.5", "0x50"])("refuses the port %s", (port) => {
    expect(() => listenAddress({ PORT: port })).toThrow("PORT must be a number from 0 to 65535.");
  });
});

describe("localUrl", () => {
  it.each([
    ["127.0.0.1", "http://127.0.0.1:80"],
    ["0.0.0.0", "http://127.0.0.1:80"],
    ["::", "http://127.0.0.1:80"],
    ["::1", "http://[::1]:80"],
    ["localhost", "http://localhost:80"],
  ])("reaches a server on %s at %s", (host, url) => {
    expect(localUrl(host, 80)).toBe(url);
  });
});

describe("assertPortFree", () => {
  it("refuses a port that another server listens on", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await expect(assertPortFree("127.0.0.1", port)).rejects.toThrow(
      `Port ${port} is already in use; set PORT to another port.`,
    );
    await new Promise((resolve) => server.close(resolve));
    await assertPortFree("127.0.0.1", port);
  });
});
