import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Creates an empty directory for a stack that is thrown away. The caller removes it. */
export async function createTemporaryHome(name: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), `docket-${name}-`));
  // If root starts the stack, Postgres runs as another user, which must be able to traverse the directory.
  await chmod(home, 0o711);
  return home;
}
