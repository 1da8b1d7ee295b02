import { useState } from 'react';
import { lengthOf, type CallSummary } from '../call/types';
import { useI18n } from '../i18n';
import { useNow } from '../lib/clock';
import { duration, moment, phone, words } from '../lib/format';
import { http } from '../lib/http';
import { useLive } from '../lib/live';
import { Problem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { Link, useRouter } from '../lib/router';
import { useThrottled } from '../lib/throttle';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { CallStateBadge } from '../ui/state';
import { Table } from '../ui/table';

interface CallsAnswer {
  items: CallSummary[];
  next?: string | null;
}

const SHOWS = ['all', 'open', 'ended'] as const;
type Show = (typeof SHOWS)[number];
const PATHS: Record<Show, string> = {
  all: '/v1/calls?limit=50',
  open: '/v1/calls?limit=50&open=true',
  ended: '/v1/calls?limit=50&open=false',
};

function Row({ call, now }: { call: CallSummary; now: number }) {
  const { t, language } = useI18n();
  const columns = t.calls.columns;
  return (
    <tr data-open={!call.ended_at}>
      <td data-column={columns.started}>
        <Link href={`/calls/${call.id}`} className="row-link">
          <time dateTime={call.started_at}>{moment(call.started_at, language)}</time>
          <span className="sr-only">, {t.calls.openCall(phone(call.from))}</span>
        </Link>
      </td>
      <td data-column={columns.from} className="number">
        <span className="direction" title={t.calls.direction[call.direction]} aria-hidden="true">
          {call.direction === 'outbound' ? '↗' : '↙'}
        </span>
        <span className="sr-only">{t.calls.direction[call.direction]}: </span>
        {phone(call.from)}
      </td>
      <td data-column={columns.to} className="number">
        {phone(call.to)}
      </td>
      <td data-column={columns.state}>
        <CallStateBadge state={call.state} />
      </td>
      <td data-column={columns.queue}>{call.queue ?? '–'}</td>
      <td data-column={columns.agent}>{call.agent ?? '–'}</td>
      <td data-column={columns.length} className="number">
        {duration(lengthOf(call, now))}
      </td>
      <td data-column={columns.outcome}>
        {call.outcome ? (t.outcome[call.outcome] ?? words(call.outcome)) : '–'}
      </td>
    </tr>
  );
}

export function CallsPage() {
  const { query } = useRouter();
  const show: Show = SHOWS.find((each) => each === query.get('show')) ?? 'all';
  return <CallList key={show} show={show} />;
}

function CallList({ show }: { show: Show }) {
  const { t } = useI18n();
  const { go } = useRouter();

  const newest = useResource<CallsAnswer>(PATHS[show]);
  const [older, setOlder] = useState<CallsAnswer>();
  const [problem, setProblem] = useState<Problem>();
  const reload = useThrottled(newest.reload);
  useLive('/v1/events', { event: reload, open: reload });

  const known = new Map<string, CallSummary>();
  for (const call of [...(newest.data?.items ?? []), ...(older?.items ?? [])]) {
    if (!known.has(call.id)) known.set(call.id, call);
  }
  const calls = [...known.values()]
    .filter((call) => show === 'all' || (show === 'open') === !call.ended_at)
    .sort((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at));
  const now = useNow(calls.some((call) => !call.ended_at));

  const next = older ? older.next : newest.data?.next;
  const loadOlder = async () => {
    if (!next) return;
    setProblem(undefined);
    try {
      const answer = await http.get<CallsAnswer>(`${PATHS[show]}&cursor=${encodeURIComponent(next)}`);
      // What the first page shows now slips from it as new calls come in; it is kept with the older ones.
      const kept = older?.items ?? newest.data?.items ?? [];
      setOlder({ items: [...kept, ...answer.items], next: answer.next ?? null });
    } catch (error) {
      setProblem(Problem.of(error));
    }
  };

  const empty = {
    all: [t.calls.empty, t.calls.emptyText],
    open: [t.calls.emptyOpen, t.calls.emptyOpenText],
    ended: [t.calls.emptyEnded, t.calls.emptyEndedText],
  }[show];

  return (
    <Page title={t.calls.title} lead={t.calls.lead} wide>
      {newest.problem && (
        <ProblemNotice problem={newest.problem} retry={newest.reload} stale={newest.data !== undefined} />
      )}
      <fieldset className="chips">
        <legend className="sr-only">{t.calls.filter}</legend>
        {SHOWS.map((each) => (
          <label key={each} className="chip">
            <input
              type="radio"
              name="show"
              checked={show === each}
              onChange={() => go(each === 'all' ? '/calls' : `/calls?show=${each}`, { replace: true })}
            />
            {t.calls[each]}
          </label>
        ))}
        {newest.data && (
          <span className="muted" role="status">
            {t.calls.count(calls.length)}
          </span>
        )}
      </fieldset>
      {newest.loading ? (
        <Loading />
      ) : calls.length === 0 ? (
        newest.data && (
          <div className="panel">
            <Empty title={empty[0]!}>
              <p className="muted">{empty[1]}</p>
              {show === 'all' && (
                <Link className="button button-primary" href="/test-phone">
                  {t.calls.emptyAction}
                </Link>
              )}
            </Empty>
          </div>
        )
      ) : (
        <Table caption={t.calls.caption} columns={t.calls.columns}>
          {calls.map((call) => (
            <Row key={call.id} call={call} now={now} />
          ))}
        </Table>
      )}
      {problem && <ProblemNotice problem={problem} />}
      {next ? (
        <p>
          <button type="button" className="button" onClick={() => void loadOlder()}>
            {t.calls.older}
          </button>
        </p>
      ) : (
        calls.length > 0 && <p className="muted">{t.calls.oldest}</p>
      )}
    </Page>
  );
}
