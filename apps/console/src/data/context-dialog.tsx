import { useState, type SubmitEvent } from "react";
import { useLocation } from "wouter";

import { tenantPath } from "../app/paths.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { useCreateContext } from "./queries.ts";

type Props = { readonly isOpen: boolean; readonly onClose: () => void };

export function ContextDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Create context"
      description="A context is one reconciliation. Its name cannot be changed later."
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
      {create.error !== null && <InlineProblem error={create.error} />}
      <DialogActions>
        <Button onClick={onClose}>Go back</Button>
        <Button type="submit" look="primary" busy={create.isPending}>
          Create context
        </Button>
      </DialogActions>
    </form>
  );
}
