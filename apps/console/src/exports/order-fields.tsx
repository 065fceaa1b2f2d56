import { useSources } from "../data/queries.ts";
import { Checkbox, Field, RadioGroup } from "../ui/field.tsx";
import { PeriodField } from "../ui/period-field.tsx";
import { todayIn } from "../ui/periods.ts";
import { Select } from "../ui/select.tsx";
import { ColumnsField } from "./columns-field.tsx";
import { canCompress, localTimeZone, type FieldsProps } from "./order.ts";
import { FORMATS, REPORTS } from "./words.ts";

const REPORT_OPTIONS = Object.entries(REPORTS).map(([value, words]) => ({ value, ...words }));
const FORMAT_OPTIONS = FORMATS.map((value) => ({ value: value as string, label: value as string }));

export function OrderFields({
  fault,
  ...props
}: FieldsProps & { readonly fault: string | undefined }) {
  const { order, onChange } = props;
  return (
    <>
      <RadioGroup
        label="Report"
        options={REPORT_OPTIONS}
        value={order.reportType}
        // Each report has columns of its own.
        onChange={(reportType) => onChange({ reportType, columns: [] })}
      />
      <RadioGroup
        label="Format"
        options={FORMAT_OPTIONS}
        value={order.format}
        onChange={(format) => onChange({ format })}
        isCompact
      />
      <PeriodField
        period={order}
        today={todayIn(order.timeZone)}
        onChange={onChange}
        error={fault}
      />
      <div className="order__row">
        <SourceField {...props} />
        <TimeZoneField {...props} />
      </div>
      <ColumnsField {...props} />
      <Checkbox
        label={
          canCompress(order) ? "Compress with gzip" : "Compress with gzip (XLSX is compressed)"
        }
        checked={order.isCompressed && canCompress(order)}
        disabled={!canCompress(order)}
        onChange={(event) => onChange({ isCompressed: event.currentTarget.checked })}
      />
    </>
  );
}

function SourceField({ contextId, order, onChange }: FieldsProps) {
  const { data = [] } = useSources(contextId);
  const options = [
    { value: "", label: "All sources" },
    ...data.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Field label="Source">
      {({ id }) => (
        <Select
          id={id}
          options={options}
          value={order.sourceId}
          onChange={(sourceId) => onChange({ sourceId })}
        />
      )}
    </Field>
  );
}

function TimeZoneField({ order, onChange }: FieldsProps) {
  const zones = [...new Set(["UTC", localTimeZone(), order.timeZone])];
  return (
    <Field label="Time zone of the days">
      {({ id }) => (
        <Select
          id={id}
          options={zones.map((zone) => ({ value: zone, label: zone }))}
          value={order.timeZone}
          onChange={(timeZone) => onChange({ timeZone })}
        />
      )}
    </Field>
  );
}
