import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { saveTo, type Download } from "../src/index.ts";

let directory: string;
let isCanceled: boolean;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "docket-save-"));
  isCanceled = false;
});
afterEach(() => rm(directory, { recursive: true }));

const aDownload = (content: string, fileName = "report.csv") => {
  const bytes = new TextEncoder().encode(content);
  const stream = new ReadableStream({
    pull: (controller) => {
      controller.enqueue(bytes);
      controller.close();
    },
    cancel: () => void (isCanceled = true),
  });
  const sha256 = createHash("sha256").update(content).digest("hex");
  return (): Promise<Download> =>
    Promise.resolve({ fileName, sizeBytes: bytes.length, sha256, stream });
};

const saved = (): Promise<string> => readFile(join(directory, "report.csv"), "utf8");

describe("a file of the same name", () => {
  beforeEach(() => writeFile(join(directory, "report.csv"), "old"));

  it("is not overwritten when its content differs", async () => {
    const saving = saveTo(directory, aDownload("new"));
    await expect(saving).rejects.toMatchObject({
      code: "file_exists",
      detail: expect.stringContaining(join(directory, "report.csv")) as string,
    });
    expect([await saved(), await readdir(directory)]).toEqual(["old", ["report.csv"]]);
    expect(isCanceled).toBe(true);
  });

  it("is overwritten on demand", async () => {
    await saveTo(directory, aDownload("new"), { overwrite: true });
    expect([await saved(), await readdir(directory)]).toEqual(["new", ["report.csv"]]);
  });

  it("stays when its content is the same", async () => {
    expect(await saveTo(directory, aDownload("old"))).toBe(join(directory, "report.csv"));
    expect([await saved(), isCanceled]).toEqual(["old", true]);
  });
});

it.each(["", ".", "..", "/", "a/.."])("refuses %j as a name", async (name) => {
  const saving = saveTo(directory, aDownload("new", name));
  await expect(saving).rejects.toMatchObject({ code: "download_failed" });
  expect([await readdir(directory), isCanceled]).toEqual([[], true]);
});

it("saves a file whose name is as long as a name can be", async () => {
  const name = "a".repeat(255);
  expect(await saveTo(directory, aDownload("new", name))).toBe(join(directory, name));
});
