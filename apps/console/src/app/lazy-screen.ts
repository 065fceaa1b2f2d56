import { lazy, type ComponentType } from "react";

/** A screen in a file of its own. `load` fetches the file before the screen is shown. */
export const lazyScreen = <Props>(load: () => Promise<ComponentType<Props>>) => ({
  load,
  Screen: lazy(async () => ({ default: await load() })),
});
