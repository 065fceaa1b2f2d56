import { Checkbox } from "../ui/field.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";
import { setPreferences, usePreferences } from "../ui/preferences.ts";
import { activeShortcuts } from "../ui/shortcuts.ts";
import "./shortcuts-dialog.css";

/** All shortcuts of the current screen, and the switch that turns them off. */
export function ShortcutsDialog({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { shortcuts } = usePreferences();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard shortcuts" closesOnBackdrop>
      <dl className="shortcuts">
        {activeShortcuts().map(({ keys, label }) => (
          <div key={keys}>
            <dt>{label}</dt>
            <dd>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <DialogActions>
        <Checkbox
          label="Use single keys as shortcuts"
          checked={shortcuts === "on"}
          onChange={(event) =>
            setPreferences({ shortcuts: event.currentTarget.checked ? "on" : "off" })
          }
        />
      </DialogActions>
    </Dialog>
  );
}
