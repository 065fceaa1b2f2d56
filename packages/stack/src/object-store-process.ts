import { parseArgs } from "node:util";

import { checkNodeVersion, createLogger, runUntilSignal } from "@docket/platform";
import { createStorage } from "@docket/platform/storage";

import { inHome, readSecrets } from "./home.ts";
import { startObjectStore } from "@docket/object-store";

// The embedded object store as a process of the stack. The keys come from the home, not from the command line,
// which every user of the machine can read.
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
  if (secrets === undefined) throw new Error(`${home} holds no secrets`);
  const keys = { accessKeyId: secrets.s3AccessKeyId, secretAccessKey: secrets.s3SecretAccessKey };
  const store = await startObjectStore({
    directory: inHome.objects(home),
    port: Number(port),
    region,
    ...keys,
    onError: (error) => logger.error({ err: error }, "fault"),
  });
  lifetime.onClose("object store", store.close);
  const storage = createStorage({ endpoint: store.endpoint, region, bucket, ...keys });
  await storage.ensureBucket();
  await storage.close();
  logger.info({ port: store.port }, "listening");
});
