import { useI18n } from '../i18n';
import { useNow } from '../lib/clock';
import { duration, moment, phone } from '../lib/format';
import { useLive } from '../lib/live';
import { useResource } from '../lib/resource';
import { Link } from '../lib/router';
import { useThrottled } from '../lib/throttle';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Table } from '../ui/table';
import {
  concerns,
  goingOn,
  QUEUE_EVENTS,
  readStamped,
  type QueueCaller,
  type QueueNow,
  type Stamped,
} from './model';

const STATUSES = ['available', 'ringing', 'busy', 'away', 'offline'] as const;
const SHOWN = 100;

type Fact = [name: string, value: string | number];

export function FactList({ label, facts }: { label: string; facts: readonly Fact[] }) {
  return (
    <section className="panel" aria-label={label}>
      <h2>{label}</h2>
      <dl className="figures">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Callers({ callers, now }: { callers: readonly QueueCaller[]; now: number }) {
  const { t, language } = useI18n();
  const { columns } = t.queues.now;
  return (
    <Table caption={t.queues.now.caption} columns={columns}>
      {callers.map((caller) => (
        <tr key={caller.call_id}>
          <td data-column={columns.place} className="number">
            {caller.place}
          </td>
          <td data-column={columns.from} className="number">
            <Link href={`/calls/${caller.call_id}`} className="row-link">
              {phone(caller.from)}
            </Link>
          </td>
          <td data-column={columns.since}>
            <time dateTime={caller.waiting_since}>{moment(caller.waiting_since, language)}</time>
          </td>
          <td data-column={columns.waited} className="number">
            {duration(now - Date.parse(caller.waiting_since))}
          </td>
          <td data-column={columns.priority} className="number">
            {caller.priority}
          </td>
          <td data-column={columns.asked} data-nothing={caller.asked.length === 0 && !caller.call_back}>
            {caller.asked.join(', ') || (caller.call_back ? t.queues.now.callBack : '–')}
          </td>
        </tr>
      ))}
    </Table>
  );
}

/**
 * What goes on in a queue at this moment; kept up to date by the live feed.
 *
 * @param mayList whether the reader may see who waits
 */
export function QueueNowView({ id, mayList }: { id: string; mayList: boolean }) {
  const { t } = useI18n();
  const path = `/v1/queues/${encodeURIComponent(id)}`;
  const figures = useResource<Stamped<QueueNow>>(`${path}/statistics`, readStamped);
  const callers = useResource<{ items: QueueCaller[]; next?: string | null }>(
    mayList ? `${path}/calls?limit=${SHOWN}` : null,
  );
  const reload = useThrottled(() => {
    figures.reload();
    callers.reload();
  }, 1000);
  useLive(QUEUE_EVENTS, {
    event: (event) => {
      if (concerns(id, event)) reload();
    },
    open: reload,
  });
  const waits = (figures.data?.data.longest_wait_time ?? 0) > 0;
  const now = useNow(waits || (callers.data?.items.length ?? 0) > 0);

  if (!figures.data) {
    return figures.problem ? <ProblemNotice problem={figures.problem} retry={figures.reload} /> : <Loading />;
  }
  const { data, at } = figures.data;
  const words = t.queues.now;
  const wait = (seconds: number) => (seconds > 0 ? duration(goingOn(seconds, at, now)) : '–');
  const items = callers.data?.items ?? [];
  return (
    <>
      {figures.problem && <ProblemNotice problem={figures.problem} retry={figures.reload} stale />}
      <div className="figure-panels">
        <FactList
          label={words.callers}
          facts={[
            [words.waiting, data.callers.waiting],
            [words.offered, data.callers.offered],
            [words.toBeCalledBack, data.callers.to_be_called_back],
            [words.talking, data.callers.talking],
            [words.wrapping, data.callers.wrapping],
            [words.longest, wait(data.longest_wait_time)],
            [words.longestTotal, wait(data.longest_total_wait_time)],
            [
              words.estimated,
              data.estimated_wait_time == null ? words.unknown : duration(data.estimated_wait_time * 1000),
            ],
          ]}
        />
        <FactList
          label={words.agents}
          facts={[
            [words.eligible, data.agents_eligible],
            [words.available, data.agents_available],
            ...STATUSES.map((status): Fact => [t.status[status], data.activities[status] ?? 0]),
          ]}
        />
      </div>
      {mayList && (
        <section className="queue-list" aria-labelledby="who-waits">
          <h2 id="who-waits">{words.list}</h2>
          {callers.problem && (
            <ProblemNotice
              problem={callers.problem}
              retry={callers.reload}
              stale={callers.data !== undefined}
            />
          )}
          {callers.loading && <Loading />}
          {callers.data && items.length === 0 && (
            <div className="panel">
              <Empty title={words.nobody}>
                <p className="muted">{words.nobodyText}</p>
              </Empty>
            </div>
          )}
          {items.length > 0 && <Callers callers={items} now={now} />}
          {callers.data?.next && <p className="muted">{words.more(SHOWN)}</p>}
        </section>
      )}
    </>
  );
}
