import { parseArgs } from "node:util";

import { startObjectStore } from "@docket/object-store";
import { checkNodeVersion, createLogger, runUntilSignal } from "@docket/platform";
import { createStorage } from "@docket/platform/storage";

import { homePaths } from "../home/home.ts";
import { readSecrets } from "../home/secrets.ts";

// The embedded object store as a process of the stack. It reads its keys from the home, because every user of the
// machine can read a command line.
const { values } = parseArgs({
  options: {
    home: { type: "string", default: "" },
    port: { type: "string", default: "0" },
    region: { type: "string", default: "us-east-1" },
    bucket: { type: "string", default: "docket" },
  },
});
const { home, port, region, bucket } = values;
const logger = createLogger("docket-object-store", "info");
checkNodeVersion(process, logger);

await runUntilSignal(process, logger, async (lifetime) => {
  const secrets = readSecrets(home);
  if (secrets === undefined) throw new Error(`${home} has no secrets`);
  const keys = { accessKeyId: secrets.s3AccessKeyId, secretAccessKey: secrets.s3SecretAccessKey };
  const store = await startObjectStore({
    directory: homePaths.objects(home),
    port: Number(port),
    region,
    ...keys,
    onError: (error) => logger.error({ err: error }, "object store request failed"),
  });
  lifetime.onClose("object store", store.close);
  const storage = createStorage({ endpoint: store.endpoint, region, bucket, ...keys });
  await storage.ensureBucket();
  await storage.close();
  logger.info({ port: store.port }, "listening");
});
