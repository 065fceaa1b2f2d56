import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

type Chunk = {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
};

const DIST = join(__dirname, "../dist");
const BUDGET_BYTES = 200_000;

/** The files that these chunks load, those that they import included. */
function filesOf(
  manifest: Readonly<Record<string, Chunk>>,
  names: readonly string[],
): ReadonlySet<string> {
  const files = new Set<string>();
  const add = (name: string): void => {
    const { file, imports = [] } = manifest[name]!;
    if (files.has(file)) return;
    files.add(file);
    for (const each of imports) add(each);
  };
  for (const name of names) add(name);
  return files;
}

const compressedSize = (file: string): number => gzipSync(readFileSync(join(DIST, file))).length;

it("loads at most 200 kB of compressed JavaScript for any screen", () => {
  const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8")) as Record<
    string,
    Chunk
  >;
  const screens = (manifest["index.html"]?.dynamicImports ?? []).filter((name) =>
    name.endsWith("screen.tsx"),
  );
  const sizes = screens.map((screen) => {
    const scripts = [...filesOf(manifest, ["index.html", screen])].filter((file) =>
      file.endsWith(".js"),
    );
    const size = scripts.reduce((sum, file) => sum + compressedSize(file), 0);
    return { screen, size };
  });
  expect(sizes.length).toBeGreaterThanOrEqual(7);
  expect(sizes.filter(({ size }) => size > BUDGET_BYTES)).toEqual([]);
});
