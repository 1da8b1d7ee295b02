import { useEffect, useRef, useState } from 'react';
import { useI18n } from '../i18n';
import { moment } from '../lib/format';
import { http } from '../lib/http';
import { useLive } from '../lib/live';
import { useResource } from '../lib/resource';
import { Link, useRouter } from '../lib/router';
import { useThrottled } from '../lib/throttle';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { WebhookForm, type Wish } from '../webhooks/form';
import { hostOf, type Webhook } from '../webhooks/model';
import { EventTypes, WebhookBadge } from '../webhooks/parts';
import { Secret } from '../webhooks/secret';
import { Table } from '../ui/table';

function Row({ webhook }: { webhook: Webhook }) {
  const { t, language } = useI18n();
  const { columns } = t.webhooks;
  return (
    <tr>
      <td data-column={columns.url} className="reason">
        <Link href={`/webhooks/${webhook.id}`} className="row-link">
          {webhook.url}
        </Link>
      </td>
      <td data-column={columns.types}>
        <EventTypes of={webhook} />
      </td>
      <td data-column={columns.state} className="reason">
        <div>
          <WebhookBadge webhook={webhook} />
          {webhook.disabled_because && <p className="hint">{webhook.disabled_because}</p>}
        </div>
      </td>
      <td data-column={columns.failing} data-nothing={!webhook.failing_since}>
        {webhook.failing_since ? (
          <time dateTime={webhook.failing_since}>{moment(webhook.failing_since, language)}</time>
        ) : (
          '–'
        )}
      </td>
    </tr>
  );
}

export function WebhooksPage() {
  const { t } = useI18n();
  const { go, query } = useRouter();
  const webhooks = useResource<{ items: Webhook[] }>('/v1/webhooks?limit=50');
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Webhook>();
  const [done, setDone] = useState('');
  const add = useRef<HTMLButtonElement>(null);
  const forbidden = webhooks.problem?.status === 403;
  const reload = useThrottled(webhooks.reload, 2000);
  useLive(forbidden ? null : '/v1/events', { event: reload, open: reload });

  // The page of a webhook that was deleted leads here.
  const deleted = query.has('deleted');
  useEffect(() => {
    if (!deleted) return;
    setDone(t.webhooks.deleted);
    go('/webhooks', { replace: true });
  }, [deleted, go, t]);

  const save = async (wish: Wish) => {
    const webhook = await http.post<Webhook>('/v1/webhooks', wish);
    setAdding(false);
    setMade(webhook);
    webhooks.reload();
  };
  const open = () => {
    setAdding(true);
    setMade(undefined);
    setDone('');
  };
  const close = () => {
    setAdding(false);
    add.current?.focus();
  };

  const items = webhooks.data?.items ?? [];
  return (
    <Page
      title={t.webhooks.title}
      lead={t.webhooks.lead}
      actions={
        webhooks.data && (
          <button
            type="button"
            className="button"
            ref={add}
            aria-expanded={adding}
            onClick={adding ? close : open}
          >
            {t.webhooks.add}
          </button>
        )
      }
      wide
    >
      <p className="notice notice-good" role="status" hidden={done === ''}>
        {done}
      </p>
      {webhooks.problem && (
        <ProblemNotice
          problem={webhooks.problem}
          stale={webhooks.data !== undefined}
          {...(forbidden ? {} : { retry: webhooks.reload })}
        />
      )}
      {webhooks.loading && <Loading />}
      {made && (
        <Secret
          of={made}
          title={t.webhooks.added(hostOf(made.url))}
          link
          onKept={() => {
            setMade(undefined);
            add.current?.focus();
          }}
        />
      )}
      {adding && <WebhookForm onSave={save} onCancel={close} />}
      {webhooks.data && items.length === 0 && !adding && (
        <div className="panel">
          <Empty title={t.webhooks.empty}>
            <p className="muted">{t.webhooks.emptyText}</p>
            <button type="button" className="button button-primary" onClick={open}>
              {t.webhooks.emptyAction}
            </button>
          </Empty>
        </div>
      )}
      {items.length > 0 && (
        <Table caption={t.webhooks.caption} columns={t.webhooks.columns}>
          {items.map((webhook) => (
            <Row key={webhook.id} webhook={webhook} />
          ))}
        </Table>
      )}
    </Page>
  );
}
