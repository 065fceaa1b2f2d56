import { Writable } from "node:stream";
import type { Targets } from "@docket/testing/hostile-texts";
import { isDatabaseUnavailable } from "../src/database/errors.ts";
import { copyText } from "../src/ingest/copy-text.ts";
import { createLogger } from "../src/process/logger.ts";
import { attachment } from "../src/storage/content-disposition.ts";
import { toStorageError } from "../src/storage/storage-error.ts";

const destination = new Writable({ write: (_chunk, _encoding, done) => done() });
const logger = createLogger("test", "info", {
  destination,
  secrets: ["secret", "a longer secret"],
});

const errorOf = (text: string): Error =>
  Object.assign(new Error(text), { name: text, code: text, cause: new Error(text) });

export const targets: Targets = {
  "the logger": (text) => {
    logger.info({ token: text, path: text, [text]: text, err: errorOf(text) }, text);
    logger.info(`"password":"${text}`);
  },
  attachment,
  isDatabaseUnavailable: (text) => isDatabaseUnavailable(errorOf(text)),
  toStorageError: (text) => toStorageError(errorOf(text)),
  copyText: (text) => copyText(["a", "b"], [{ line: 1, cells: { a: text, b: text } }]),
};
