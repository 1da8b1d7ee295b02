import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { useI18n } from './i18n';
import { Link, useRouter } from './lib/router';
import { useSession } from './lib/session';
import { CallsPage } from './pages/calls';
import { LoginPage } from './pages/login';
import { ModelsPage } from './pages/models';
import { OperationsPage } from './pages/operations';
import { QueuePage } from './pages/queue';
import { QueuesPage } from './pages/queues';
import { SoftphonePage } from './pages/softphone';
import { StartPage } from './pages/start';
import { TestPhonePage } from './pages/test-phone';
import { VoicemailsPage } from './pages/voicemails';
import { WebhookPage } from './pages/webhook';
import { WebhooksPage } from './pages/webhooks';
import { Boundary } from './ui/boundary';
import { Loading } from './ui/notice';
import { Page } from './ui/page';
import { Shell } from './ui/shell';

// Brings the diagram viewer along, which the other pages do without.
const CallPage = lazy(() => import('./pages/call'));

/** Pages for people with an account: everybody else is sent to log in, and comes back here. */
function Private({ children }: { children: ReactNode }) {
  const { state } = useSession();
  const { go, path } = useRouter();
  const anonymous = state.kind === 'anonymous';

  useEffect(() => {
    if (anonymous) go(`/login?next=${encodeURIComponent(path + window.location.search)}`, { replace: true });
  }, [anonymous, go, path]);

  return state.kind === 'user' ? children : <Waiting />;
}

function Waiting() {
  const { t } = useI18n();
  return (
    <Page title={t.app}>
      <Loading />
    </Page>
  );
}

function NotFound({ path }: { path: string }) {
  const { t } = useI18n();
  return (
    <Page title={t.notFound.title} lead={t.notFound.text(path)}>
      <p>
        <Link className="button button-primary" href="/">
          {t.notFound.back}
        </Link>
      </p>
    </Page>
  );
}

function PageAt({ path }: { path: string }) {
  if (path === '/') return <StartPage />;
  if (path === '/login') return <LoginPage />;
  if (path === '/test-phone') {
    return (
      <Private>
        <TestPhonePage />
      </Private>
    );
  }
  if (path === '/phone') {
    return (
      <Private>
        <SoftphonePage />
      </Private>
    );
  }
  if (path === '/calls') {
    return (
      <Private>
        <CallsPage />
      </Private>
    );
  }
  if (path === '/operations') {
    return (
      <Private>
        <OperationsPage />
      </Private>
    );
  }
  if (path === '/models') {
    return (
      <Private>
        <ModelsPage />
      </Private>
    );
  }
  if (path === '/queues') {
    return (
      <Private>
        <QueuesPage />
      </Private>
    );
  }
  const queue = /^\/queues\/([^/]+)$/.exec(path)?.[1];
  if (queue !== undefined) {
    return (
      <Private>
        <QueuePage key={queue} id={decodeURIComponent(queue)} />
      </Private>
    );
  }
  if (path === '/voicemails') {
    return (
      <Private>
        <VoicemailsPage />
      </Private>
    );
  }
  if (path === '/webhooks') {
    return (
      <Private>
        <WebhooksPage />
      </Private>
    );
  }
  const webhook = /^\/webhooks\/([^/]+)$/.exec(path)?.[1];
  if (webhook !== undefined) {
    return (
      <Private>
        <WebhookPage key={webhook} id={decodeURIComponent(webhook)} />
      </Private>
    );
  }
  const call = /^\/calls\/([^/]+)$/.exec(path)?.[1];
  if (call !== undefined) {
    return (
      <Private>
        <Suspense fallback={<Waiting />}>
          <CallPage key={call} id={decodeURIComponent(call)} />
        </Suspense>
      </Private>
    );
  }
  return <NotFound path={path} />;
}

export function App() {
  const { path } = useRouter();
  return (
    <Shell>
      <Boundary key={path}>
        <PageAt path={path} />
      </Boundary>
    </Shell>
  );
}
