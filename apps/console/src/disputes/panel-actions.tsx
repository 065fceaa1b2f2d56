import type { Dispute } from "@docket/client";

import { Button } from "../ui/button.tsx";
import { Menu, type MenuAction } from "../ui/menu.tsx";
import type { DialogName } from "./actions/dialogs.tsx";
import { useArchive } from "./archive.ts";
import { nextStep } from "./next-step.ts";
import { can, isClosed } from "./words.ts";

/** The next step as a button, and everything else in a menu. */
export function PanelActions({
  dispute,
  canWrite,
  onDialog,
}: {
  readonly dispute: Dispute;
  readonly canWrite: boolean;
  readonly onDialog: (name: DialogName) => void;
}) {
  const archive = useArchive(dispute.id);
  const next = nextStep(dispute)?.action;
  const action = (label: string, icon: MenuAction["icon"], name: DialogName): MenuAction => ({
    label,
    ...(icon !== undefined && { icon }),
    run: () => onDialog(name),
  });
  const changes: readonly (MenuAction | false)[] = [
    can(dispute, "close") && action("Close", "check", "close"),
    !isClosed(dispute) && action("Edit details", "file", "edit"),
    action("Add a note", "info", "note"),
  ];
  return (
    <div className="case-head__actions">
      {canWrite && next === "open" && (
        <Button look="primary" onClick={() => onDialog("open")}>
          Open dispute
        </Button>
      )}
      {canWrite && next === "close" && (
        <Button look="primary" onClick={() => onDialog("close")}>
          Close dispute
        </Button>
      )}
      {canWrite && can(dispute, "request-evidence") && (
        <Button onClick={() => onDialog("request-evidence")}>Request evidence</Button>
      )}
      {canWrite && can(dispute, "reopen") && (
        <Button icon="refresh" onClick={() => onDialog("reopen")}>
          Reopen
        </Button>
      )}
      <Menu
        label="More actions"
        icon="more"
        groups={[
          canWrite ? changes.filter((each) => each !== false) : [],
          [{ label: "Download archive", icon: "archive" as const, run: archive }],
        ].filter((group) => group.length > 0)}
      />
    </div>
  );
}
