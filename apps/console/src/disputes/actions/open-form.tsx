import { ChangeForm } from "../../cases/change-form.tsx";
import { useDocket } from "../../query/docket-context.tsx";
import { DISPUTE_FIELDS, useDisputeChange, type DisputeDialogProps } from "./dispute-change.ts";

/** Opens a draft, from which there is no way back. */
export function OpenForm(props: DisputeDialogProps) {
  const { disputes } = useDocket();
  const change = useDisputeChange<object>(props, (_, options) =>
    disputes.open(props.dispute.id, options),
  );
  return (
    <ChangeForm
      change={change}
      input={{}}
      fields={DISPUTE_FIELDS}
      action="Open dispute"
      onCancel={props.onClose}
    >
      <p>Its category and description can then no longer be changed.</p>
    </ChangeForm>
  );
}
