import { useState } from 'react';
import { useI18n } from '../i18n';
import { moment, words } from '../lib/format';
import { http } from '../lib/http';
import { useLive } from '../lib/live';
import { Problem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { Link } from '../lib/router';
import { mayDecide, useSession } from '../lib/session';
import { useThrottled } from '../lib/throttle';
import { Confirm } from '../ui/confirm';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';

/** Something that could not be delivered or carried out. */
interface DeadLetter {
  id: string;
  kind: string;
  call?: string | null;
  what: string;
  reason?: string | null;
  since: string;
}

function Decide({
  letter,
  onDone,
}: {
  letter: DeadLetter;
  onDone: (how: 'retry' | 'dismiss') => Promise<void>;
}) {
  const { t } = useI18n();
  const [busy, setBusy] = useState(false);
  const what = words(letter.what);

  const retry = async () => {
    setBusy(true);
    await onDone('retry');
    setBusy(false);
  };

  return (
    <div className="row" role="group" aria-label={what}>
      <button type="button" className="button button-small" disabled={busy} onClick={() => void retry()}>
        {t.operations.retry}
      </button>
      <Confirm
        label={t.operations.dismiss}
        question={t.operations.dismissSure}
        yes={t.operations.dismissYes}
        no={t.operations.cancel}
        small
        disabled={busy}
        onYes={() => onDone('dismiss')}
      />
    </div>
  );
}

export function OperationsPage() {
  const { t, language } = useI18n();
  const { user } = useSession();
  const letters = useResource<{ items: DeadLetter[] }>('/v1/operations/dead-letters');
  const [problem, setProblem] = useState<Problem>();
  const [done, setDone] = useState('');
  const reload = useThrottled(letters.reload, 2000);
  useLive(letters.problem?.status === 403 ? null : '/v1/events', { event: reload, open: reload });

  const decide = async (letter: DeadLetter, how: 'retry' | 'dismiss') => {
    setProblem(undefined);
    try {
      await http.post(`/v1/operations/dead-letters/${encodeURIComponent(letter.id)}/${how}`);
      const what = words(letter.what);
      setDone(how === 'retry' ? t.operations.retried(what) : t.operations.dismissed(what));
    } catch (error) {
      setProblem(Problem.of(error));
    }
    letters.reload();
  };

  const { columns } = t.operations;
  const items = letters.data?.items ?? [];
  return (
    <Page title={t.operations.title} lead={t.operations.lead} wide>
      <p className="notice notice-good" role="status" hidden={done === ''}>
        {done}
      </p>
      {problem && <ProblemNotice problem={problem} />}
      {letters.problem && (
        <ProblemNotice problem={letters.problem} retry={letters.reload} stale={letters.data !== undefined} />
      )}
      {letters.loading && <Loading />}
      {letters.data && items.length === 0 && (
        <div className="panel">
          <Empty title={t.operations.empty}>
            <p className="muted">{t.operations.emptyText}</p>
          </Empty>
        </div>
      )}
      {items.length > 0 && (
        <table className="list">
          <caption className="sr-only">{t.operations.caption}</caption>
          <thead>
            <tr>
              {Object.entries(columns).map(([key, column]) =>
                key === 'decide' && !mayDecide(user) ? null : (
                  <th key={key} scope="col">
                    {column}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {items.map((letter) => (
              <tr key={letter.id}>
                <td data-column={columns.kind}>
                  {t.operations.kind[letter.kind.toLowerCase()] ?? words(letter.kind)}
                </td>
                <td data-column={columns.what}>
                  <strong>{words(letter.what)}</strong>
                </td>
                <td data-column={columns.call}>
                  {letter.call ? (
                    <Link href={`/calls/${letter.call}`}>
                      <code>{letter.call.slice(-8)}</code>
                    </Link>
                  ) : (
                    t.operations.noCall
                  )}
                </td>
                <td data-column={columns.reason} className="reason">
                  {letter.reason ?? '–'}
                </td>
                <td data-column={columns.since}>
                  <time dateTime={letter.since}>{moment(letter.since, language)}</time>
                </td>
                {mayDecide(user) && (
                  <td data-column={columns.decide}>
                    <Decide letter={letter} onDone={(how) => decide(letter, how)} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  );
}
