import type { ComponentType } from "react";

import type { Permission } from "../session/permissions.ts";
import type { IconName } from "../ui/icon.tsx";

/** What every screen gets from its URL. */
export type ScreenProps = {
  /** The item whose details are open. */
  readonly itemId: string | undefined;
};

export type ContextScreenProps = ScreenProps & { readonly contextId: string };

type AreaBase = {
  /** The segment of its paths: `/contexts/:contextId/<name>/:itemId?` or `/<name>/:itemId?`. */
  readonly name: string;
  /** In the navigation. */
  readonly label: string;
  readonly icon: IconName;
  /** `g`, then this key. */
  readonly shortcut: string;
  /** Not in the navigation: other screens link to it. */
  readonly isLinkedOnly?: true;
  /** Without it, the area is not shown. */
  readonly permission: Permission;
  /** Fetches the file of the screen. */
  readonly load: () => Promise<unknown>;
};

/** An entry of the navigation, and its screen. `Screen` is lazy, so that each area is a file of its own. */
export type Area = AreaBase &
  (
    | { readonly scope: "context"; readonly Screen: ComponentType<ContextScreenProps> }
    | { readonly scope: "tenant"; readonly Screen: ComponentType<ScreenProps> }
  );
