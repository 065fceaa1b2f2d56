import { lazy, useState, type ComponentType } from "react";

/** A screen in a file of its own. `load` fetches the file before the screen is shown. */
export function lazyScreen<Props extends object>(
  importScreen: () => Promise<ComponentType<Props>>,
) {
  let loaded: ComponentType<Props> | undefined;
  const load = async (): Promise<ComponentType<Props>> => (loaded ??= await importScreen());
  const Lazy = lazy(async () => ({ default: await load() }));
  // A screen that has been loaded replaces no fallback: React delays what does by 300 ms.
  const Screen = (props: Props) => {
    const [Component] = useState<ComponentType<Props>>(() => loaded ?? Lazy);
    return <Component {...props} />;
  };
  return { load, Screen };
}
