import { useLocation } from "wouter";

import { useAreaLinks } from "./navigation.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";

/** `g`, then the key of an area, goes there. */
export function useNavigationShortcuts(): void {
  const [, navigate] = useLocation();
  const links = useAreaLinks();
  useShortcuts(
    links.map(({ area, href }) => ({
      keys: `g ${area.shortcut}`,
      label: `Go to ${area.label.toLowerCase()}`,
      run: () => navigate(href),
    })),
  );
}
