import { useState, type SubmitEvent } from "react";
import { useLocation } from "wouter";

import { tenantPath } from "../app/paths.ts";
import { FAMILIES } from "../live/families.ts";
import { CreateFooter } from "../ui/create-footer.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Checkbox, TextField } from "../ui/field.tsx";
import { useCreateEndpoint } from "./queries.ts";
import { SecretDialog } from "./secret-dialog.tsx";

type Props = { readonly isOpen: boolean; readonly onClose: () => void };

/** Adds an endpoint, then shows its secret once. */
export function EndpointDialog({ isOpen, onClose }: Props) {
  const [, navigate] = useLocation();
  const [created, setCreated] = useState<{ readonly id: string; readonly secret: string }>();
  const leave = (): void => {
    setCreated(undefined);
    if (created !== undefined) navigate(tenantPath("webhooks", created.id));
  };
  return (
    <>
      <Dialog
        isOpen={isOpen}
        onClose={onClose}
        title="Add endpoint"
        description="Docket sends a signed POST request for each event that occurs from now on."
      >
        {isOpen && (
          <EndpointForm
            onClose={onClose}
            onCreated={(endpoint) => {
              onClose();
              setCreated(endpoint);
            }}
          />
        )}
      </Dialog>
      <SecretDialog secret={created?.secret} onClose={leave} />
    </>
  );
}

function EndpointForm({
  onClose,
  onCreated,
}: Pick<Props, "onClose"> & {
  readonly onCreated: (endpoint: { readonly id: string; readonly secret: string }) => void;
}) {
  const [url, setUrl] = useState("");
  const [description, setDescription] = useState("");
  const [types, setTypes] = useState<readonly string[]>([]);
  const create = useCreateEndpoint(onCreated);
  const toggle = (type: string): void =>
    setTypes((all) => (all.includes(type) ? all.filter((each) => each !== type) : [...all, type]));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    create.submit({
      url,
      ...(description.trim() !== "" && { description }),
      ...(types.length > 0 && { types }),
    });
  };
  return (
    <form className="webhooks-form" onSubmit={submit}>
      <TextField
        label="URL"
        hint="An https address on the public internet"
        type="url"
        value={url}
        maxLength={2_048}
        required
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <TextField
        label="Description (optional)"
        value={description}
        maxLength={500}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <fieldset className="field">
        <legend>Events</legend>
        <p className="field__hint">None chosen: all that you may read</p>
        <div className="webhooks-form__types">
          {FAMILIES.map(({ value, label }) => (
            <Checkbox
              key={value}
              label={label}
              checked={types.includes(value)}
              onChange={() => toggle(value)}
            />
          ))}
        </div>
      </fieldset>
      <CreateFooter call={create} action="Add endpoint" onClose={onClose} />
    </form>
  );
}
