import { useEffect, useRef, useState } from 'react';
import { useI18n } from '../i18n';
import { useNow } from '../lib/clock';
import { duration } from '../lib/format';
import { http } from '../lib/http';
import { useLive } from '../lib/live';
import { usePieces } from '../lib/pieces';
import { Link, useRouter } from '../lib/router';
import { mayAdminister, maySupervise, useSession } from '../lib/session';
import { useThrottled } from '../lib/throttle';
import { goingOn, QUEUE_EVENTS, todayQuery, type History, type QueueSummary } from '../queues/model';
import { NewQueue } from '../queues/new';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { Table } from '../ui/table';

/** A whole day is counted for each queue that is shown: not at each event. */
const SERVICE_PAUSE = 30_000;

/** Today's service level of each queue, for those who may see what went on in it. */
function useServiceLevels(ids: readonly string[], allowed: boolean) {
  const [levels, setLevels] = useState<ReadonlyMap<string, History>>(new Map());
  const wanted = useRef(ids);
  const alive = useRef(true);
  useEffect(() => {
    wanted.current = ids;
  });
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  const count = useThrottled(() => {
    const left = [...wanted.current];
    const next = async (): Promise<void> => {
      const id = left.shift();
      if (id === undefined || !alive.current) return;
      try {
        const query = todayQuery(new Date());
        const history = await http.get<History>(`/v1/queues/${id}/statistics/intervals?${query}`);
        setLevels((before) => new Map(before).set(id, history));
      } catch {
        // The other figures are there; this one is left out until it is counted again.
      }
      return next();
    };
    // Two at a time: others want the server as well.
    void Promise.all([next(), next()]);
  }, SERVICE_PAUSE);
  const all = ids.join(' ');
  useEffect(() => {
    if (allowed && all !== '') count();
  }, [allowed, all, count]);
  return { levels, count };
}

function ServiceLevel({ of }: { of: History | undefined }) {
  const { t } = useI18n();
  const value = of?.total.service_level['of_offered'];
  if (of === undefined || value === null || value === undefined) return <>–</>;
  const state = of.total.service_level_reached ? 'reached' : 'missed';
  return (
    <>
      <span className="level" data-state={state} aria-hidden="true">
        {state === 'reached' ? '✓' : '!'}
      </span>{' '}
      {t.queues.percent(Math.round(value), of.service_level_target)}
      <span className="sr-only">, {t.queues[state]}</span>
    </>
  );
}

export function QueuesPage() {
  const { t } = useI18n();
  const { user } = useSession();
  const { go, query } = useRouter();
  const queues = usePieces<QueueSummary>('/v1/queues?limit=25');
  const items = queues.data?.items ?? [];
  const service = useServiceLevels(
    items.map(({ id }) => id),
    maySupervise(user),
  );
  const [adding, setAdding] = useState(false);
  const [done, setDone] = useState('');
  const add = useRef<HTMLButtonElement>(null);
  const reload = useThrottled(queues.reload, 1000);
  useLive(QUEUE_EVENTS, {
    event: () => {
      reload();
      if (maySupervise(user)) service.count();
    },
    open: reload,
  });
  const now = useNow(items.some(({ current_size }) => current_size > 0));

  // The page of a queue that was deleted leads here.
  const deleted = query.has('deleted');
  useEffect(() => {
    if (!deleted) return;
    setDone(t.queues.deleted);
    go('/queues', { replace: true });
  }, [deleted, go, t]);

  const administers = mayAdminister(user);
  const supervises = maySupervise(user);
  const { service: serviceColumn, ...others } = t.queues.columns;
  const columns = supervises ? t.queues.columns : others;
  const close = () => {
    setAdding(false);
    add.current?.focus();
  };
  const open = () => {
    setAdding(true);
    setDone('');
  };

  return (
    <Page
      title={t.queues.title}
      lead={t.queues.lead}
      actions={
        administers &&
        queues.data && (
          <button
            type="button"
            className="button"
            ref={add}
            aria-expanded={adding}
            onClick={adding ? close : open}
          >
            {t.queues.add}
          </button>
        )
      }
      wide
    >
      <p className="notice notice-good" role="status" hidden={done === ''}>
        {done}
      </p>
      {queues.problem && (
        <ProblemNotice problem={queues.problem} retry={queues.reload} stale={queues.data !== undefined} />
      )}
      {queues.loading && <Loading />}
      {adding && <NewQueue onMade={(id) => go(`/queues/${id}?show=settings`)} onCancel={close} />}
      {queues.data && items.length === 0 && !adding && (
        <div className="panel">
          <Empty title={t.queues.empty}>
            <p className="muted">{t.queues.emptyText}</p>
            {administers ? (
              <button type="button" className="button button-primary" onClick={open}>
                {t.queues.emptyAction}
              </button>
            ) : (
              <p className="muted">{t.queues.emptyOthers}</p>
            )}
          </Empty>
        </div>
      )}
      {items.length > 0 && (
        <Table caption={t.queues.caption} columns={columns}>
          {items.map((queue) => (
            <tr key={queue.id}>
              <td data-column={columns.name}>
                <Link href={`/queues/${queue.id}`} className="row-link">
                  {queue.name}
                </Link>
              </td>
              <td data-column={columns.waiting} className="number">
                {t.queues.of(queue.current_size, queue.max_size)}
              </td>
              <td data-column={columns.longest} className="number">
                {queue.current_size > 0
                  ? duration(goingOn(queue.longest_wait_time, queues.data?.at ?? now, now))
                  : '–'}
              </td>
              <td data-column={columns.agents} className="number">
                {t.queues.of(queue.agents_available, queue.agents_eligible)}
              </td>
              <td data-column={columns.average} className="number" title={t.queues.averageHint}>
                {duration(queue.average_wait_time * 1000)}
              </td>
              {supervises && (
                <td data-column={serviceColumn} className="number">
                  <ServiceLevel of={service.levels.get(queue.id)} />
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      {queues.data?.next && (
        <p>
          <button type="button" className="button" onClick={queues.more}>
            {t.queues.more}
          </button>
        </p>
      )}
    </Page>
  );
}
