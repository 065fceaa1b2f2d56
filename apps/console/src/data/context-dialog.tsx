import { useState, type SubmitEvent } from "react";
import { useLocation } from "wouter";

import { tenantPath } from "../app/paths.ts";
import { CreateFooter } from "../ui/create-footer.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { useCreateContext } from "./queries.ts";

type Props = { readonly isOpen: boolean; readonly onClose: () => void };

export function ContextDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Create reconciliation"
      description="Its name cannot be changed later."
    >
      {isOpen && <ContextForm onClose={onClose} />}
    </Dialog>
  );
}

function ContextForm({ onClose }: Pick<Props, "onClose">) {
  const [name, setName] = useState("");
  const [, navigate] = useLocation();
  const create = useCreateContext();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    create.submit({ name }, ({ id }) => {
      onClose();
      navigate(tenantPath("data", id));
    });
  };
  return (
    <form className="data-form" onSubmit={submit}>
      <TextField
        label="Name"
        hint="For example: Bank against ledger"
        value={name}
        maxLength={100}
        required
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <CreateFooter call={create} action="Create reconciliation" onClose={onClose} />
    </form>
  );
}
