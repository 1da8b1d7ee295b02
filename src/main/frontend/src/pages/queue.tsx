import { useRef, useState } from 'react';
import { useI18n } from '../i18n';
import { http, type Tagged } from '../lib/http';
import { useResource } from '../lib/resource';
import { Link, useRouter } from '../lib/router';
import { mayAdminister, maySupervise, useSession } from '../lib/session';
import { SettingsForm } from '../queues/form';
import { QueueHistoryView } from '../queues/history';
import { QueueNowView } from '../queues/now';
import type { QueueSettings } from '../queues/settings';
import { SettingsView } from '../queues/view';
import { Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';

const VIEWS = ['now', 'statistics', 'settings'] as const;

/** How a queue works; read when it is first looked at, so that what is changed is what is there. */
function Settings({
  path,
  onChanged,
  onDeleted,
}: {
  path: string;
  onChanged: () => void;
  onDeleted: () => void;
}) {
  const { user } = useSession();
  const read = useResource<Tagged<QueueSettings>>(path, http.getTagged);
  const [changed, setChanged] = useState<Tagged<QueueSettings>>();
  const queue = changed ?? read.data;
  if (!queue) {
    return read.problem ? <ProblemNotice problem={read.problem} retry={read.reload} /> : <Loading />;
  }
  if (!mayAdminister(user)) return <SettingsView settings={queue.data} />;
  return (
    <SettingsForm
      queue={queue}
      onChanged={(now) => {
        setChanged(now);
        onChanged();
      }}
      onDeleted={onDeleted}
    />
  );
}

/** One queue: what goes on in it, what went on, and how it works. */
export function QueuePage({ id }: { id: string }) {
  const { t } = useI18n();
  const { user } = useSession();
  const { go, query } = useRouter();
  const path = `/v1/queues/${encodeURIComponent(id)}`;
  const queue = useResource<QueueSettings>(path);
  const supervises = maySupervise(user);
  const views = VIEWS.filter((view) => view !== 'statistics' || supervises);
  const view = views.find((each) => each === query.get('show')) ?? 'now';
  // What is written in the form and not saved outlives a look at the figures.
  const opened = useRef(false);
  if (view === 'settings') opened.current = true;

  const back = (
    <p className="back">
      <Link href="/queues">← {t.queues.back}</Link>
    </p>
  );
  if (!queue.data) {
    return (
      <Page title={t.queues.title} before={back} wide>
        {queue.problem ? <ProblemNotice problem={queue.problem} retry={queue.reload} /> : <Loading />}
      </Page>
    );
  }
  return (
    <Page title={queue.data.name} before={back} wide>
      <nav className="views" aria-label={t.queues.views.label}>
        <ul>
          {views.map((each) => (
            <li key={each}>
              <Link
                href={each === 'now' ? `/queues/${id}` : `/queues/${id}?show=${each}`}
                aria-current={each === view ? 'page' : undefined}
              >
                {t.queues.views[each]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {view === 'now' && <QueueNowView id={id} mayList={supervises} />}
      {view === 'statistics' && <QueueHistoryView id={id} />}
      {opened.current && (
        <div hidden={view !== 'settings'}>
          <Settings path={path} onChanged={queue.reload} onDeleted={() => go('/queues?deleted')} />
        </div>
      )}
    </Page>
  );
}
