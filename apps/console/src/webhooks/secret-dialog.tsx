import { Button } from "../ui/button.tsx";
import { CopyText } from "../ui/copy.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";

/** Shows a secret, which the API does not show again. */
export function SecretDialog({
  secret,
  onClose,
}: {
  readonly secret: string | undefined;
  readonly onClose: () => void;
}) {
  return (
    <Dialog
      isOpen={secret !== undefined}
      onClose={onClose}
      title="Keep this secret"
      description="It signs every request to the endpoint. It is not shown again: if you lose it, rotate it."
    >
      {secret !== undefined && <CopyText value={secret} label="secret" />}
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          I have kept it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
