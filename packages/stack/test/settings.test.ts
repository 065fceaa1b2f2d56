import { addressOf, listeningOn, without, withoutStorage } from "../src/settings.ts";

test.each([
  [{}, { host: "127.0.0.1", port: 3_000 }],
  [{ PORT: "" }, { host: "127.0.0.1", port: 3_000 }],
  [{ PORT: "0" }, { host: "127.0.0.1", port: 0 }],
  [
    { PORT: "8080", HOST: "0.0.0.0" },
    { host: "0.0.0.0", port: 8_080 },
  ],
])("%j listens on %j", (environment, where) => {
  expect(listeningOn(environment)).toEqual(where);
});

test.each(["abc", "-1", "65536", "1.5", "0x50"])("the port %s is refused", (port) => {
  expect(() => listeningOn({ PORT: port })).toThrow("PORT must be a number from 0 to 65535.");
});

test.each([
  ["127.0.0.1", "http://127.0.0.1:80"],
  ["0.0.0.0", "http://127.0.0.1:80"],
  ["::", "http://127.0.0.1:80"],
  ["::1", "http://[::1]:80"],
  ["localhost", "http://localhost:80"],
])("what listens on %s is reached at %s", (host, address) => {
  expect(addressOf(host, 80)).toBe(address);
});

test("variables are left out by name, storage's all together", () => {
  const environment = { S3_BUCKET: "b", S3_PUBLIC_ENDPOINT: "p", PORT: "1", PATH: "/bin" };
  expect(withoutStorage(environment)).toEqual({ PORT: "1", PATH: "/bin" });
  expect(without(environment, "PORT", "S3_BUCKET")).toEqual({
    S3_PUBLIC_ENDPOINT: "p",
    PATH: "/bin",
  });
});
