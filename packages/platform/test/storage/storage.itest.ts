import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeSignatures } from "./signature-suite.ts";
import { describeStorage } from "./storage-suite.ts";

import { startObjectStore, type ObjectStore } from "@docket/object-store";

const keys = { region: "us-east-1", accessKeyId: "EMBEDDED", secretAccessKey: "embedded-secret" };

describe("the embedded object store", () => {
  let store: ObjectStore;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "docket-store-"));
    store = await startObjectStore({ directory, ...keys });
  });
  afterAll(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  const target = () => ({ endpoint: store.endpoint, ...keys });
  describeStorage("the embedded store", target);
  describeSignatures("the embedded store", target);
});

const {
  TEST_S3_ENDPOINT: endpoint,
  TEST_S3_REGION: region = "us-east-1",
  TEST_S3_ACCESS_KEY_ID: accessKeyId = "",
  TEST_S3_SECRET_ACCESS_KEY: secretAccessKey = "",
} = process.env;

if (endpoint !== undefined && endpoint !== "") {
  const target = () => ({ endpoint, region, accessKeyId, secretAccessKey });
  describeStorage("a real S3 server", target);
  describeSignatures("a real S3 server", target);
}
