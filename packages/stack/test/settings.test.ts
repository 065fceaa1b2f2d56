import { omitStorageVariables, omitVariables } from "../src/settings.ts";

const environment = { S3_BUCKET: "b", S3_PUBLIC_ENDPOINT: "p", PORT: "1", PATH: "/bin" };

it("omits variables by name", () => {
  expect(omitVariables(environment, "PORT", "S3_BUCKET")).toEqual({
    S3_PUBLIC_ENDPOINT: "p",
    PATH: "/bin",
  });
});

it("omits all storage variables together", () => {
  expect(omitStorageVariables(environment)).toEqual({ PORT: "1", PATH: "/bin" });
});
