import { useState, type SubmitEvent } from "react";

import { CreateFooter } from "../ui/create-footer.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { RadioGroup, TextField } from "../ui/field.tsx";
import { useCreateSource } from "./queries.ts";
import { SIDES, SOURCE_TYPES } from "./words.ts";

type Props = {
  readonly contextId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

export function SourceDialog({ isOpen, onClose, contextId }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Add source"
      description="A source is the feed of one side, such as a bank account."
    >
      {isOpen && <SourceForm contextId={contextId} onClose={onClose} />}
    </Dialog>
  );
}

function SourceForm({ contextId, onClose }: Omit<Props, "isOpen">) {
  const [name, setName] = useState("");
  const [type, setType] = useState("BANK");
  const [side, setSide] = useState("LEFT");
  const create = useCreateSource(contextId);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    create.submit({ name, type, side }, onClose);
  };
  return (
    <form className="data-form" onSubmit={submit}>
      <TextField
        label="Name"
        hint="The records in your files name their source by it"
        value={name}
        maxLength={100}
        required
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <RadioGroup label="Type" options={SOURCE_TYPES} value={type} onChange={setType} />
      <RadioGroup label="Side" options={SIDES} value={side} onChange={setSide} />
      <CreateFooter call={create} action="Add source" onClose={onClose} />
    </form>
  );
}
