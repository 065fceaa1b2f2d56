import type { Summary } from "@docket/client";

import type { ContextScreenProps } from "../app/area.ts";
import { tenantPath } from "../app/paths.ts";
import { Screen } from "../app/screen.tsx";
import { useUrlState } from "../app/url-state.ts";
import { ButtonLink } from "../ui/button.tsx";
import { formatDays } from "../ui/format.ts";
import { Outdated } from "../ui/outdated.tsx";
import { PRESETS, presetOf, todayIn, type Period } from "../ui/periods.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Select } from "../ui/select.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { Amounts } from "./amounts.tsx";
import { DailyChart } from "./daily-chart.tsx";
import { Disputes } from "./disputes.tsx";
import { Due } from "./due.tsx";
import { Exceptions } from "./exceptions.tsx";
import { OVERVIEW_STATE, periodOf } from "./filters.ts";
import { Figures } from "./figures.tsx";
import "./overview.css";
import { useSummary } from "./queries.ts";
import { RunningExports } from "./running-exports.tsx";

export function OverviewScreen({ contextId }: ContextScreenProps) {
  const [state, setPeriod] = useUrlState(OVERVIEW_STATE);
  const today = todayIn("UTC");
  const period = periodOf(state, today);
  const query = useSummary(contextId, period);
  const { data: summary, error, isPending, isPlaceholderData, refetch } = query;
  return (
    <Screen
      title="Overview"
      action={<PeriodSelect period={period} today={today} onChange={setPeriod} />}
    >
      {isPending && <Skeleton lines={8} />}
      {error !== null && summary === undefined && (
        <Problem error={error} retry={() => void refetch()} />
      )}
      {summary !== undefined && (
        <Outdated isOutdated={isPlaceholderData}>
          <Content summary={summary} />
        </Outdated>
      )}
    </Screen>
  );
}

function PeriodSelect({
  period,
  today,
  onChange,
}: {
  readonly period: Period;
  readonly today: string;
  readonly onChange: (period: Period) => void;
}) {
  const preset = presetOf(period, today);
  const options = [
    ...PRESETS.map(({ value, label }) => ({ value, label })),
    ...(preset === "custom"
      ? [{ value: "custom", label: formatDays(period.dateFrom, period.dateTo) }]
      : []),
  ];
  const choose = (value: string): void => {
    const chosen = PRESETS.find((each) => each.value === value);
    if (chosen !== undefined) onChange(chosen.period(today));
  };
  return <Select label="Period" options={options} value={preset} onChange={choose} />;
}

function Content({ summary }: { readonly summary: Summary }) {
  const { contextId, dateFrom, dateTo } = summary;
  return (
    <>
      <Figures summary={summary} />
      <div className="overview__columns">
        <div className="overview__column">
          <section className="card" aria-labelledby="daily">
            <h2 id="daily">Match rate by day</h2>
            {summary.transactions.total === 0 ? (
              <NoTransactions contextId={contextId} />
            ) : (
              <DailyChart {...summary} />
            )}
          </section>
          <Exceptions summary={summary} />
          <Amounts summary={summary} />
        </div>
        <div className="overview__column">
          <Due contextId={contextId} />
          <RunningExports contextId={contextId} />
          <Disputes summary={summary} />
        </div>
      </div>
      <p className="small secondary">
        Transactions of {formatDays(dateFrom, dateTo)}. Exceptions, disputes and exports as of{" "}
        <RelativeTime at={summary.asOf} />.
      </p>
    </>
  );
}

const NoTransactions = ({ contextId }: { readonly contextId: string }) => (
  <EmptyState
    icon="database"
    title="No transactions in these days"
    action={<ButtonLink href={tenantPath("data", contextId)}>Load data</ButtonLink>}
  >
    Choose another period, or load the records of a source.
  </EmptyState>
);
