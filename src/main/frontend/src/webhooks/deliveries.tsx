import { useCallback, useEffect, useRef, useState } from 'react';
import { useI18n } from '../i18n';
import { moment } from '../lib/format';
import { http } from '../lib/http';
import { Problem } from '../lib/problem';
import { useResource, type Resource } from '../lib/resource';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { nextLook, type Delivery, type Webhook } from './model';
import { Table } from '../ui/table';

interface Piece {
  items: Delivery[];
  next?: string | null;
}

interface Deliveries extends Resource<Piece> {
  /** Shows older ones as well. */
  more: () => void;
  /** How long to rest between two readings, in milliseconds: the more is shown, the longer. */
  pause: number;
}

/** What was sent to a webhook, the newest first, as far as it is shown; what has yet to arrive is looked at again. */
export function useDeliveries(webhook: string): Deliveries {
  const pieces = useRef(1);
  const [pause, setPause] = useState(2000);
  const read = useCallback(async (path: string, signal: AbortSignal): Promise<Piece> => {
    let shown = await http.get<Piece>(path, signal);
    for (let n = 1; n < pieces.current && shown.next; n += 1) {
      const older = await http.get<Piece>(`${path}&cursor=${encodeURIComponent(shown.next)}`, signal);
      shown = { items: [...shown.items, ...older.items], next: older.next ?? null };
    }
    return shown;
  }, []);
  const resource = useResource<Piece>(
    `/v1/webhooks/${encodeURIComponent(webhook)}/deliveries?limit=50`,
    read,
  );
  const { data, reload } = resource;

  useEffect(() => {
    const wait = nextLook(data?.items ?? [], Date.now());
    if (wait === undefined) return;
    const timer = setTimeout(reload, wait);
    return () => clearTimeout(timer);
  }, [data, reload]);

  const more = () => {
    pieces.current += 1;
    setPause(2000 * pieces.current);
    reload();
  };
  return { ...resource, more, pause };
}

function Row({
  delivery,
  webhook,
  onRedelivered,
}: {
  delivery: Delivery;
  webhook: Webhook;
  onRedelivered: () => void;
}) {
  const { t, language } = useI18n();
  const { columns } = t.deliveries;
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const answer = [
    delivery.status == null ? undefined : `HTTP ${delivery.status}`,
    delivery.duration_ms == null ? undefined : `${delivery.duration_ms.toLocaleString(language)} ms`,
  ]
    .filter((each) => each !== undefined)
    .join(' · ');
  const details = `details-${delivery.id}`;
  const at = moment(delivery.created_at, language);
  const name = `${delivery.event_type}, ${at}`;

  const redeliver = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await http.post(`/v1/webhooks/${webhook.id}/deliveries/${delivery.id}/redeliver`);
      onRedelivered();
    } catch (error) {
      setProblem(Problem.of(error));
    }
    setBusy(false);
  };

  return (
    <>
      <tr data-delivery={delivery.id} data-open={open || problem !== undefined}>
        <td data-column={columns.at}>
          <time dateTime={delivery.created_at}>{at}</time>
        </td>
        <td data-column={columns.type}>
          <code>{delivery.event_type}</code>
        </td>
        <td data-column={columns.state}>
          <span className="badge" data-state={delivery.state}>
            {t.deliveries.state[delivery.state]}
          </span>
        </td>
        <td data-column={columns.attempts} className="number">
          {delivery.attempts}
        </td>
        <td data-column={columns.answer} data-nothing={answer === ''}>
          <div>
            {answer === '' ? '–' : answer}
            {delivery.error && <p className="hint reason">{delivery.error}</p>}
          </div>
        </td>
        <td data-column={columns.next} data-nothing={!delivery.next_attempt_at}>
          {delivery.next_attempt_at ? (
            <time dateTime={delivery.next_attempt_at}>{moment(delivery.next_attempt_at, language)}</time>
          ) : (
            '–'
          )}
        </td>
        <td className="delivery-actions">
          <div className="row">
            <button
              type="button"
              className="button button-small"
              aria-expanded={open}
              aria-controls={details}
              aria-label={`${t.deliveries.payload}: ${name}`}
              onClick={() => setOpen(!open)}
            >
              {t.deliveries.payload}
            </button>
            {webhook.enabled && (
              <button
                type="button"
                className="button button-small"
                aria-disabled={busy}
                aria-label={`${delivery.state === 'pending' ? t.deliveries.tryNow : t.deliveries.redeliver}: ${name}`}
                onClick={() => void redeliver()}
              >
                {delivery.state === 'pending' ? t.deliveries.tryNow : t.deliveries.redeliver}
              </button>
            )}
          </div>
        </td>
      </tr>
      {(open || problem) && (
        <tr id={details} className="details">
          <td colSpan={7}>
            {problem && <ProblemNotice problem={problem} />}
            {open && (
              <pre tabIndex={0} role="group" aria-label={`${t.deliveries.payload}: ${name}`}>
                {JSON.stringify(delivery.payload, null, 2)}
              </pre>
            )}
          </td>
        </tr>
      )}
    </>
  );
}

/**
 * The record of what was sent to a webhook.
 *
 * @param watched the delivery that somebody waits for: what becomes of it is announced
 */
export function DeliveryLog({
  webhook,
  deliveries,
  watched,
  onWatch,
}: {
  webhook: Webhook;
  deliveries: Deliveries;
  watched: string | undefined;
  onWatch: (delivery: string) => void;
}) {
  const { t } = useI18n();
  const [last, setLast] = useState<string>();
  const items = deliveries.data?.items ?? [];
  const next = deliveries.data?.next;
  const expected = items.find(({ id }) => id === watched);

  // The keyboard goes on at the first of the older ones.
  useEffect(() => {
    const first = items[items.findIndex(({ id }) => id === last) + 1];
    if (last === undefined || first === undefined) return;
    document.querySelector<HTMLElement>(`[data-delivery="${first.id}"] button`)?.focus();
    setLast(undefined);
  }, [items, last]);

  return (
    <section className="deliveries" aria-labelledby="deliveries">
      <div className="panel-head">
        <h2 id="deliveries">{t.deliveries.title}</h2>
        <p className="muted" role="status">
          {expected && t.deliveries.became(expected.event_type, expected.state, expected.attempts)}
        </p>
      </div>
      {deliveries.problem && (
        <ProblemNotice
          problem={deliveries.problem}
          retry={deliveries.reload}
          stale={deliveries.data !== undefined}
        />
      )}
      {deliveries.loading && <Loading />}
      {deliveries.data && items.length === 0 && (
        <div className="panel">
          <Empty title={t.deliveries.empty}>
            <p className="muted">{t.deliveries.emptyText}</p>
          </Empty>
        </div>
      )}
      {items.length > 0 && (
        <Table caption={t.deliveries.caption} columns={t.deliveries.columns}>
          {items.map((delivery) => (
            <Row
              key={delivery.id}
              delivery={delivery}
              webhook={webhook}
              onRedelivered={() => {
                onWatch(delivery.id);
                deliveries.reload();
              }}
            />
          ))}
        </Table>
      )}
      {next && (
        <p>
          <button
            type="button"
            className="button"
            onClick={() => {
              setLast(items.at(-1)?.id);
              deliveries.more();
            }}
          >
            {t.deliveries.more}
          </button>
        </p>
      )}
    </section>
  );
}
