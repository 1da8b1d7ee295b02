import { useEffect, useRef, useState } from 'react';
import { useI18n } from '../i18n';
import { dateAndTime } from '../lib/format';
import { http } from '../lib/http';
import { useLive } from '../lib/live';
import { Problem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { Link, useRouter } from '../lib/router';
import { useThrottled } from '../lib/throttle';
import { Confirm } from '../ui/confirm';
import { Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { DeliveryLog, useDeliveries } from '../webhooks/deliveries';
import { WebhookForm, type Wish } from '../webhooks/form';
import { hostOf, type Delivery, type Webhook } from '../webhooks/model';
import { EventTypes, WebhookBadge } from '../webhooks/parts';
import { Secret } from '../webhooks/secret';

function Facts({ webhook }: { webhook: Webhook }) {
  const { t, language } = useI18n();
  const { columns } = t.webhooks;
  const times: [string, string | null | undefined][] = [
    [columns.failing, webhook.failing_since],
    [t.webhooks.oldSecretUntil, webhook.old_secret_until],
    [t.webhooks.created, webhook.created_at],
  ];
  return (
    <dl className="facts" aria-label={t.call.facts}>
      <div>
        <dt>{columns.url}</dt>
        <dd>
          <code>{webhook.url}</code>
        </dd>
      </div>
      <div>
        <dt>{columns.types}</dt>
        <dd>
          <EventTypes of={webhook} />
        </dd>
      </div>
      {times.map(
        ([name, at]) =>
          at && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{dateAndTime(at, language)}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

export function WebhookPage({ id }: { id: string }) {
  const { t } = useI18n();
  const { go } = useRouter();
  const path = `/v1/webhooks/${encodeURIComponent(id)}`;
  const webhook = useResource<Webhook>(path);
  const deliveries = useDeliveries(id);
  const [changing, setChanging] = useState(false);
  const [rotated, setRotated] = useState<Webhook>();
  const [problem, setProblem] = useState<Problem>();
  const [done, setDone] = useState('');
  const [watched, setWatched] = useState<string>();
  const change = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);

  const enabledNow = webhook.data?.enabled;
  const enabledBefore = useRef(enabledNow);
  useEffect(() => {
    // Disabling takes the button away that had the focus.
    const lost = document.activeElement === document.body;
    if (lost && enabledBefore.current !== undefined) first.current?.focus();
    enabledBefore.current = enabledNow;
  }, [enabledNow]);

  const { reload } = webhook;
  const look = useThrottled(deliveries.reload, deliveries.pause);
  const once = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(once.current), []);
  useLive(webhook.data ? '/v1/events' : null, {
    event: () => {
      look();
      // What an event leads to here comes a moment after it.
      clearTimeout(once.current);
      once.current = setTimeout(look, 1500);
    },
    open: look,
  });
  // Read after the deliveries, so that it has not missed what became of them.
  useEffect(() => {
    if (deliveries.data) reload();
  }, [deliveries.data, reload]);

  const back = (
    <p className="back">
      <Link href="/webhooks">← {t.webhooks.back}</Link>
    </p>
  );
  if (!webhook.data) {
    return (
      <Page title={t.webhooks.title} before={back} wide>
        {webhook.problem ? <ProblemNotice problem={webhook.problem} retry={webhook.reload} /> : <Loading />}
      </Page>
    );
  }
  const { data } = webhook;

  /** Does something with the webhook, and says that it is done, unless something else on the page says it, or why not. */
  const act = async (action: () => Promise<unknown>, what = '') => {
    setProblem(undefined);
    setDone('');
    try {
      await action();
      setDone(what);
    } catch (error) {
      setProblem(Problem.of(error));
    }
    reload();
    deliveries.reload();
  };
  const put = (wish: Wish, enabled: boolean) => http.put(path, { ...wish, enabled });
  const enable = (enabled: boolean) =>
    act(
      () => put({ url: data.url, event_types: data.event_types }, enabled),
      enabled ? t.webhooks.enabled : t.webhooks.disabled,
    );
  const sendTest = () => act(async () => setWatched((await http.post<Delivery>(`${path}/test`)).id));
  const rotate = () => act(async () => setRotated(await http.post<Webhook>(`${path}/rotate-secret`)));
  const remove = async () => {
    try {
      await http.delete(path);
      go('/webhooks?deleted');
    } catch (error) {
      setProblem(Problem.of(error));
      reload();
    }
  };
  const save = async (wish: Wish) => {
    await put(wish, data.enabled);
    setProblem(undefined);
    setDone(t.webhooks.changed);
    closeForm();
    reload();
  };

  const closeForm = () => {
    setChanging(false);
    change.current?.focus();
  };

  return (
    <Page
      title={t.webhooks.to(hostOf(data.url))}
      actions={<WebhookBadge webhook={data} />}
      before={back}
      wide
    >
      <p className="notice notice-good" role="status" hidden={done === ''}>
        {done}
      </p>
      {problem && <ProblemNotice problem={problem} />}
      {webhook.problem && <ProblemNotice problem={webhook.problem} retry={webhook.reload} stale />}
      {!data.enabled && (
        <div className="notice">
          <p className="notice-title">{t.webhooks.isDisabled}</p>
          {data.disabled_because && <p>{data.disabled_because}</p>}
          <p>{t.webhooks.isDisabledText}</p>
        </div>
      )}
      <Facts webhook={data} />
      <div className="row">
        {data.enabled ? (
          <button type="button" ref={first} className="button button-primary" onClick={() => void sendTest()}>
            {t.webhooks.test}
          </button>
        ) : (
          <button
            type="button"
            ref={first}
            className="button button-primary"
            onClick={() => void enable(true)}
          >
            {t.webhooks.enable}
          </button>
        )}
        <button
          type="button"
          ref={change}
          className="button"
          aria-expanded={changing}
          onClick={() => (changing ? closeForm() : setChanging(true))}
        >
          {t.webhooks.change}
        </button>
        <Confirm
          label={t.webhooks.rotate}
          question={data.old_secret_until ? t.webhooks.rotateAgain : t.webhooks.rotateSure}
          yes={t.webhooks.rotateYes}
          onYes={rotate}
        />
        {data.enabled && (
          <Confirm
            label={t.webhooks.disable}
            question={t.webhooks.disableSure}
            yes={t.webhooks.disableYes}
            onYes={() => enable(false)}
          />
        )}
        <Confirm
          label={t.webhooks.delete}
          question={t.webhooks.deleteSure}
          yes={t.webhooks.deleteYes}
          onYes={remove}
        />
      </div>
      {rotated && (
        <Secret
          of={rotated}
          title={t.webhooks.rotated}
          onKept={() => {
            setRotated(undefined);
            change.current?.focus();
          }}
        />
      )}
      {changing && <WebhookForm webhook={data} onSave={save} onCancel={closeForm} />}
      <DeliveryLog webhook={data} deliveries={deliveries} watched={watched} onWatch={setWatched} />
    </Page>
  );
}
