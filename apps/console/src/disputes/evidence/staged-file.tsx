import { IconButton } from "../../ui/button.tsx";
import { Field, TextField } from "../../ui/field.tsx";
import { formatBytes } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Select } from "../../ui/select.tsx";
import { KINDS, optionsOf } from "../words.ts";
import type { CheckedFile } from "./file-check.ts";

/** A file that has not been sent yet. */
export type StagedFile = CheckedFile & {
  readonly id: string;
  readonly file: File;
  readonly kind: string;
  readonly comment: string;
};

export function StagedFileRow({
  staged,
  onChange,
  onRemove,
}: {
  readonly staged: StagedFile;
  readonly onChange: (changes: { readonly kind?: string; readonly comment?: string }) => void;
  readonly onRemove: () => void;
}) {
  const { file, kind, comment } = staged;
  return (
    <li className="staged__file">
      <div className="file-row">
        <Icon name={"fault" in staged ? "alert" : "file"} />
        <span className="file-row__name truncate" title={file.name}>
          {file.name}
        </span>
        <span className="small secondary">{formatBytes(file.size)}</span>
        <IconButton label={`Remove ${file.name}`} icon="x" onClick={onRemove} />
      </div>
      {"fault" in staged ? (
        <p className="field__error" role="alert">
          {staged.fault}
        </p>
      ) : (
        <div className="change-form__pair">
          <Field label="Kind">
            {({ id }) => (
              <Select
                id={id}
                options={optionsOf<string>(KINDS)}
                value={kind}
                onChange={(next) => onChange({ kind: next })}
              />
            )}
          </Field>
          <TextField
            label="Comment"
            maxLength={1_000}
            value={comment}
            onChange={(event) => onChange({ comment: event.currentTarget.value })}
            error={comment.trim() === "" ? "Say what the file shows." : undefined}
          />
        </div>
      )}
    </li>
  );
}
