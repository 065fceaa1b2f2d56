import { useClaims, useSessionStore } from "../session/session-context.tsx";
import { formatInstant } from "../ui/format.ts";
import { Menu, type MenuAction } from "../ui/menu.tsx";
import { setPreferences, usePreferences, type Preferences } from "../ui/preferences.ts";

const THEMES: readonly (readonly [Preferences["theme"], string])[] = [
  ["system", "Theme of the system"],
  ["light", "Light theme"],
  ["dark", "Dark theme"],
];

/** Who is signed in, and the settings of this browser. */
export function AccountMenu({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const store = useSessionStore();
  const { theme, density } = usePreferences();
  const nextDensity = density === "compact" ? "comfortable" : "compact";
  const themes = THEMES.map(([name, label]): MenuAction => ({
    label,
    isChecked: name === theme,
    run: () => setPreferences({ theme: name }),
  }));
  return (
    <Menu
      label="Account and settings"
      icon="user"
      header={<Account />}
      groups={[
        themes,
        [
          {
            label: density === "compact" ? "Comfortable rows" : "Compact rows",
            run: () => setPreferences({ density: nextDensity }),
          },
          { label: "Keyboard shortcuts", run: onShortcuts },
          { label: "API documentation", run: () => window.open("/docs", "_blank", "noopener") },
        ],
        [{ label: "Sign out", run: store.signOut }],
      ]}
    />
  );
}

function Account() {
  const { subject, tenantId, expiresAt } = useClaims();
  return (
    <div className="popup__header">
      <p className="text">{subject}</p>
      <p className="small secondary text">Organization {tenantId}</p>
      <p className="small secondary">Until {formatInstant(new Date(expiresAt).toISOString())}</p>
    </div>
  );
}
