import type { ReactNode } from "react";

import { IconButton } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { Popup } from "./popup.tsx";

export type MenuAction = {
  readonly label: string;
  readonly icon?: IconName;
  /** Of a choice: whether it is the chosen one. */
  readonly isChecked?: boolean;
  readonly run: () => void;
};

/** Actions behind a button. */
export function Menu({
  label,
  icon,
  header,
  groups,
}: {
  readonly label: string;
  readonly icon: IconName;
  readonly header?: ReactNode;
  readonly groups: readonly (readonly MenuAction[])[];
}) {
  return (
    <Popup
      role="menu"
      label={label}
      align="end"
      renderTrigger={(attributes) => <IconButton {...attributes} label={label} icon={icon} />}
    >
      {header}
      {groups.map((actions, index) => (
        <div key={actions[0]?.label ?? index} role="group" className="popup__group">
          {actions.map((action) => (
            <MenuItem key={action.label} {...action} />
          ))}
        </div>
      ))}
    </Popup>
  );
}

function MenuItem({ label, icon, isChecked, run }: MenuAction) {
  return (
    <button
      type="button"
      role={isChecked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={isChecked}
      tabIndex={-1}
      className="popup__item"
      onClick={({ currentTarget }) => {
        // The focus is back on the button before an action moves it, for example into a dialog.
        currentTarget.closest<HTMLElement>("[popover]")?.hidePopover();
        run();
      }}
    >
      {icon !== undefined && <Icon name={icon} />}
      {isChecked === true && <Icon name="check" />}
      <span className="text">{label}</span>
    </button>
  );
}
