import { useMemo, useRef, useState, type FormEvent } from 'react';
import { useI18n } from '../i18n';
import { duration } from '../lib/format';
import { useLive } from '../lib/live';
import { useResource } from '../lib/resource';
import { useThrottled } from '../lib/throttle';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Table } from '../ui/table';
import { Chart } from './chart';
import {
  abandoned,
  answered,
  historyQuery,
  intervalName,
  leftOtherwise,
  RANGES_OF_TIME,
  thresholdsIn,
  type Figures,
  type History,
  type RangeOfTime,
} from './model';
import { FactList } from './now';
import { useLength } from './words';

const THRESHOLDS = '10,20,30,60';
/** A month costs the server half a second. */
const PAUSE: Record<RangeOfTime, number> = { today: 5000, week: 30_000, month: 60_000 };

const time = (seconds: number | null | undefined) => (seconds == null ? '–' : duration(seconds * 1000));

function percent(value: number | null | undefined, language: string): string {
  return value == null ? '–' : `${value.toLocaleString(language, { maximumFractionDigits: 1 })} %`;
}

function Totals({ history }: { history: History }) {
  const { t, language } = useI18n();
  const words = t.queues.history;
  const { total } = history;
  return (
    <FactList
      label={words.total}
      facts={[
        [words.entered, total.entered],
        [words.answered, answered(total)],
        [words.abandoned, abandoned(total)],
        [words.others, leftOtherwise(total)],
        [words.waiting, total.waiting],
        [words.refused, total.refused],
        [words.moved, total.moved],
        [words.averageWait, time(total.wait_until_accepted.average)],
        [words.longestWait, time(total.wait_until_accepted.max)],
        [words.handle, time(total.average_handle_time)],
        [words.wrapUp, time(total.average_wrap_up_time)],
        [words.estimate, time(total.estimated_wait.mean_absolute_error)],
        [words.service, percent(total.service_level['of_offered'], language)],
      ]}
    />
  );
}

function ServiceLevels({ history }: { history: History }) {
  const { t, language } = useI18n();
  const length = useLength();
  const words = t.queues.history;
  const columns = words.serviceColumns;
  return (
    <section className="queue-list" aria-labelledby="service-level">
      <div>
        <h2 id="service-level">{words.service}</h2>
        <p className="muted">
          {words.serviceText(length(history.service_level_within), history.service_level_target)}
        </p>
      </div>
      <Table caption={words.serviceCaption} columns={columns}>
        {Object.entries(history.service_level_formulas).map(([definition, formula]) => (
          <tr key={definition}>
            <td data-column={columns.definition}>{words.definitions[definition] ?? definition}</td>
            <td data-column={columns.formula}>
              <code>{formula}</code>
            </td>
            <td data-column={columns.percent} className="number">
              {percent(history.total.service_level[definition], language)}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Thresholds({ value, onSplit }: { value: string; onSplit: (thresholds: string) => void }) {
  const { t } = useI18n();
  const words = t.queues.history;
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const thresholds = thresholdsIn(input.current?.value ?? '');
    setWrong(thresholds === undefined);
    if (thresholds === undefined) input.current?.focus();
    else onSplit(thresholds);
  };
  return (
    <form className="thresholds" onSubmit={submit}>
      <div className="field">
        <label htmlFor="thresholds">{words.thresholds}</label>
        <div className="with-button">
          <input
            id="thresholds"
            ref={input}
            defaultValue={value.replaceAll(',', ', ')}
            inputMode="numeric"
            autoComplete="off"
            aria-invalid={wrong}
            aria-describedby="thresholds-hint"
          />
          <button type="submit" className="button">
            {words.thresholdsAction}
          </button>
        </div>
        <p className={wrong ? 'field-wrong' : 'hint'} id="thresholds-hint">
          {words.thresholdsHint}
        </p>
      </div>
    </form>
  );
}

function Within({ total }: { total: Figures }) {
  const { t } = useI18n();
  const length = useLength();
  const words = t.queues.history;
  const columns = words.withinColumns;
  return (
    <Table caption={words.withinCaption} columns={columns}>
      {total.within.map(({ seconds, ...within }) => (
        <tr key={seconds}>
          <td data-column={columns.seconds}>{length(seconds)}</td>
          <td data-column={columns.answered} className="number">
            {t.queues.of(within.answered, answered(total))}
          </td>
          <td data-column={columns.abandoned} className="number">
            {t.queues.of(within.abandoned, abandoned(total))}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Intervals({ history, range }: { history: History; range: RangeOfTime }) {
  const { t, language } = useI18n();
  const { columns, caption } = t.queues.history;
  return (
    <Table caption={caption} columns={columns}>
      {history.intervals
        .filter(({ entered }) => entered > 0)
        .map((interval) => (
          <tr key={interval.from}>
            <td data-column={columns.at}>
              <time dateTime={interval.from}>{intervalName(interval.from, range, language)}</time>
            </td>
            <td data-column={columns.entered} className="number">
              {interval.entered}
            </td>
            <td data-column={columns.answered} className="number">
              {answered(interval)}
            </td>
            <td data-column={columns.abandoned} className="number">
              {abandoned(interval)}
            </td>
            <td data-column={columns.others} className="number">
              {leftOtherwise(interval)}
            </td>
            <td data-column={columns.average} className="number">
              {time(interval.wait_until_accepted.average)}
            </td>
            <td data-column={columns.longest} className="number">
              {time(interval.wait_until_accepted.max)}
            </td>
            <td data-column={columns.service} className="number">
              {percent(interval.service_level['of_offered'], language)}
            </td>
          </tr>
        ))}
    </Table>
  );
}

/** What went on in a queue, for supervisors and administrators. */
export function QueueHistoryView({ id }: { id: string }) {
  const { t } = useI18n();
  const words = t.queues.history;
  const [range, setRange] = useState<RangeOfTime>('today');
  const [thresholds, setThresholds] = useState(THRESHOLDS);
  // Begins anew with each choice, not with each minute: what is read again stays on screen meanwhile.
  const query = useMemo(() => historyQuery(range, thresholds, new Date()), [range, thresholds]);
  const history = useResource<History>(`/v1/queues/${encodeURIComponent(id)}/statistics/intervals?${query}`);
  const reload = useThrottled(history.reload, PAUSE[range]);
  useLive('/v1/events', { event: reload, open: reload });
  const { data } = history;
  const { exits, offerStates } = words;

  return (
    <>
      <fieldset className="chips">
        <legend className="sr-only">{words.range}</legend>
        {RANGES_OF_TIME.map((each) => (
          <label key={each} className="chip">
            <input type="radio" name="range" checked={range === each} onChange={() => setRange(each)} />
            {words.ranges[each]}
          </label>
        ))}
      </fieldset>
      {history.problem && (
        <ProblemNotice problem={history.problem} retry={history.reload} stale={data !== undefined} />
      )}
      {history.loading && <Loading />}
      {data && data.total.entered === 0 && (
        <div className="panel">
          <Empty title={words.empty}>
            <p className="muted">{words.emptyText}</p>
          </Empty>
        </div>
      )}
      {data && data.total.entered > 0 && (
        <>
          <Totals history={data} />
          <section className="panel" aria-label={words.chart}>
            <Chart intervals={data.intervals} total={data.total} range={range} />
          </section>
          <section className="queue-list" aria-labelledby="by-time">
            <div>
              <h2 id="by-time">{words.table}</h2>
              <p className="muted">{words.tableText}</p>
            </div>
            <Intervals history={data} range={range} />
          </section>
          <ServiceLevels history={data} />
        </>
      )}
      {(!data || data.total.entered > 0) && (
        <section className="queue-list" aria-labelledby="within">
          <h2 id="within">{words.within}</h2>
          <Thresholds value={thresholds} onSplit={setThresholds} />
          {data && <Within total={data.total} />}
        </section>
      )}
      {data && data.total.entered > 0 && (
        <div className="figure-panels">
          <FactList
            label={words.left}
            facts={Object.entries(data.total.left).map(([exit, count]) => [exits[exit] ?? exit, count])}
          />
          <FactList
            label={words.offers}
            facts={Object.entries(offerStates).map(([state, name]) => [name, data.total.offers[state] ?? 0])}
          />
        </div>
      )}
    </>
  );
}
