import { Menu as BaseMenu } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";

import { Icon, type IconName } from "./icon.tsx";
import "./popup.css";

export type MenuAction = {
  readonly label: string;
  readonly icon?: IconName;
  readonly run: () => void;
  readonly tone?: "negative";
  readonly isDisabled?: boolean;
};

/** Actions behind a button. */
export function Menu({
  trigger,
  header,
  groups,
}: {
  /** A button. */
  readonly trigger: ReactElement;
  readonly header?: ReactNode;
  readonly groups: readonly (readonly MenuAction[])[];
}) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner className="positioner" align="end" sideOffset={4}>
          <BaseMenu.Popup className="popup">
            {header}
            {groups.map((actions, index) => (
              <BaseMenu.Group key={actions[0]?.label ?? index} className="popup__group">
                {actions.map((action) => (
                  <MenuItem key={action.label} {...action} />
                ))}
              </BaseMenu.Group>
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

function MenuItem({ label, icon, run, tone, isDisabled = false }: MenuAction) {
  return (
    <BaseMenu.Item
      className={`popup__item ${tone === undefined ? "" : `popup__item--${tone}`}`}
      disabled={isDisabled}
      onClick={run}
    >
      {icon !== undefined && <Icon name={icon} />}
      <span className="text">{label}</span>
    </BaseMenu.Item>
  );
}
