import { useCallback, useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import type { Call, CallSummary, Hold } from '../call/types';
import { useI18n } from '../i18n';
import { useNow } from '../lib/clock';
import { duration, phone, words } from '../lib/format';
import { http } from '../lib/http';
import { useLive } from '../lib/live';
import { Problem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { Link } from '../lib/router';
import { useSession } from '../lib/session';
import { useThrottled } from '../lib/throttle';
import { useSoftphone, type Softphone } from '../softphone/device';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';

interface Offer {
  id: string;
  call_id: string;
  agent_id: string;
  caller: string;
  queue: string;
  waited_seconds: number;
  call_back?: boolean;
  expires_at: string;
}

interface MyCall extends CallSummary {
  agent_id?: string | null;
  hold?: Hold | null;
}

const KEYS = [...'123456789*0#'];
const MINE = ['connecting', 'calling_caller', 'talking', 'wrapping'];

/** Whether the browser is a phone, and if not, what to do. */
function DevicePanel({ softphone }: { softphone: Softphone }) {
  const { t } = useI18n();
  const { state } = softphone;
  const on = state.kind === 'ready' || state.kind === 'lost' || state.kind === 'registering';
  return (
    <section className="panel device" aria-labelledby="device" data-state={state.kind}>
      <div className="panel-head">
        <h2 id="device">{t.softphone.device}</h2>
        <button
          type="button"
          className={on ? 'button' : 'button button-primary'}
          onClick={on ? softphone.turnOff : softphone.turnOn}
        >
          {on ? t.softphone.turnOff : t.softphone.turnOn}
        </button>
      </div>
      <p className="device-state" role="status">
        <span className="lamp" aria-hidden="true" />
        {state.kind === 'trouble' ? t.softphone.trouble[state.trouble].title : t.softphone.state[state.kind]}
      </p>
      <p className="muted">
        {state.kind === 'trouble'
          ? t.softphone.trouble[state.trouble].remedy
          : t.softphone.explain[state.kind]}
      </p>
      {state.kind === 'problem' && <ProblemNotice problem={state.problem} />}
    </section>
  );
}

function OfferPanel({ offer, onDecision }: { offer: Offer; onDecision: (accept: boolean) => Promise<void> }) {
  const { t } = useI18n();
  const now = useNow(true);
  const [busy, setBusy] = useState(false);
  const accept = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    // Whoever writes is not torn away from it.
    const typing = document.activeElement?.matches('input, textarea, select');
    if (!typing) accept.current?.focus();
  }, [offer.id]);

  const decide = async (accepted: boolean) => {
    setBusy(true);
    await onDecision(accepted);
    setBusy(false);
  };

  return (
    <section className="panel offer" aria-labelledby="offer">
      <h2 id="offer">{t.softphone.offer.title}</h2>
      <p className="big-number" role="status">
        {t.softphone.offer.from(phone(offer.caller), offer.queue)}
      </p>
      <p className="muted">{t.softphone.offer.waited(duration(offer.waited_seconds * 1000))}</p>
      {offer.call_back && <p>{t.softphone.offer.callBack}</p>}
      <p>{t.softphone.offer.left(Math.max(0, Math.ceil((Date.parse(offer.expires_at) - now) / 1000)))}</p>
      <div className="row">
        <button
          type="button"
          ref={accept}
          className="button button-call"
          disabled={busy}
          onClick={() => void decide(true)}
        >
          {t.softphone.offer.accept}
        </button>
        <button
          type="button"
          className="button button-hang-up"
          disabled={busy}
          onClick={() => void decide(false)}
        >
          {t.softphone.offer.reject}
        </button>
      </div>
    </section>
  );
}

function Keypad({ onPress }: { onPress: (key: string) => void }) {
  const { t } = useI18n();
  const typed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key)) return;
    event.preventDefault();
    onPress(event.key);
  };
  return (
    <div className="keypad" role="group" aria-label={t.phone.keypad} onKeyDown={typed}>
      {KEYS.map((key) => (
        <button
          key={key}
          type="button"
          aria-label={/\d/.test(key) ? undefined : t.phone.key(key)}
          onClick={() => onPress(key)}
        >
          <span>{key}</span>
        </button>
      ))}
    </div>
  );
}

function WrapUp({ call, onDone }: { call: MyCall; onDone: (what: () => Promise<unknown>) => Promise<void> }) {
  const { t } = useI18n();
  const { data, problem, reload } = useResource<Call>(`/v1/calls/${encodeURIComponent(call.id)}`);
  const known = data?.wrap_up?.dispositions ?? [];
  const [disposition, setDisposition] = useState('');
  const [notes, setNotes] = useState('');
  if (problem) return <ProblemNotice problem={problem} retry={reload} />;
  if (!data) return <Loading />;
  const done = (event: FormEvent) => {
    event.preventDefault();
    void onDone(() =>
      http.post(`/v1/calls/${encodeURIComponent(call.id)}/wrap-up`, {
        disposition: disposition || known[0] || 'resolved',
        notes: notes.trim() || undefined,
      }),
    );
  };
  return (
    <form className="wrap-up" onSubmit={done}>
      <div className="field">
        <label htmlFor="disposition">{t.softphone.wrapUp.disposition}</label>
        {known.length > 0 ? (
          <select
            id="disposition"
            value={disposition || known[0]}
            onChange={(event) => setDisposition(event.target.value)}
          >
            {known.map((each) => (
              <option key={each} value={each}>
                {words(each)}
              </option>
            ))}
          </select>
        ) : (
          <input
            id="disposition"
            value={disposition}
            placeholder="resolved"
            pattern="[A-Za-z][A-Za-z0-9_\-]{0,63}"
            onChange={(event) => setDisposition(event.target.value)}
          />
        )}
      </div>
      <div className="field">
        <label htmlFor="notes">{t.softphone.wrapUp.notes}</label>
        <textarea
          id="notes"
          rows={3}
          maxLength={4000}
          value={notes}
          onChange={(event) => setNotes(event.target.value)}
        />
      </div>
      <button type="submit" className="button button-primary">
        {t.softphone.wrapUp.done}
      </button>
    </form>
  );
}

function CallPanel({
  call,
  softphone,
  act,
}: {
  call: MyCall;
  softphone: Softphone;
  act: (what: () => Promise<unknown>) => Promise<void>;
}) {
  const { t } = useI18n();
  const talking = call.state === 'talking';
  const now = useNow(talking);
  const [keys, setKeys] = useState(false);
  const hold = call.hold?.state;
  const here = softphone.line === 'open';
  const post = (what: string) =>
    void act(() => http.post(`/v1/calls/${encodeURIComponent(call.id)}/${what}`));
  const state = hold
    ? t.softphone.call.hold[hold]
    : (t.softphone.call.state[call.state] ?? words(call.state));

  return (
    <section className="panel talk" aria-labelledby="talk" data-hold={hold}>
      <h2 id="talk">{t.softphone.call.title}</h2>
      <div className="screen" data-state={talking ? 'in-progress' : 'ringing'}>
        <p className="screen-state" role="status">
          {state}
        </p>
        <p className="screen-number">{phone(call.from)}</p>
        <p className="screen-time">
          {talking && call.connected_at && duration(now - Date.parse(call.connected_at))}
        </p>
      </div>
      {hold === 'holding' && <p className="notice">{t.softphone.call.notYet}</p>}
      {talking && (
        <>
          <div className="row controls">
            <button
              type="button"
              className="button"
              aria-pressed={softphone.muted}
              disabled={!here}
              onClick={() => softphone.mute(!softphone.muted)}
            >
              {softphone.muted ? t.softphone.call.unmute : t.softphone.call.mute}
            </button>
            <button
              type="button"
              className="button"
              onClick={() => post(hold === 'holding' || hold === 'held' ? 'unhold' : 'hold')}
            >
              {hold === 'holding' || hold === 'held' ? t.softphone.call.resume : t.softphone.call.holdAction}
            </button>
            <button
              type="button"
              className="button"
              aria-expanded={keys}
              disabled={!here}
              onClick={() => setKeys(!keys)}
            >
              {t.phone.keypad}
            </button>
            <button type="button" className="button button-hang-up" onClick={() => post('end')}>
              {t.softphone.call.end}
            </button>
          </div>
          {keys && here && <Keypad onPress={softphone.press} />}
          {!here && <p className="muted">{t.softphone.call.elsewhere}</p>}
        </>
      )}
      {call.state === 'wrapping' && <WrapUp call={call} onDone={act} />}
      <p>
        <Link href={`/calls/${call.id}`}>{t.softphone.call.open}</Link>
      </p>
    </section>
  );
}

/** An agent takes calls in the browser. */
export function SoftphonePage() {
  const { t } = useI18n();
  const { user } = useSession();
  const me = user?.id ?? '';
  const softphone = useSoftphone(me);
  const offers = useResource<{ items: Offer[] }>('/v1/reservations?status=pending');
  const calls = useResource<{ items: MyCall[] }>('/v1/calls?limit=50');
  const [problem, setProblem] = useState<Problem>();

  const { reload: reloadOffers } = offers;
  const { reload: reloadCalls } = calls;
  const reload = useCallback(() => {
    reloadOffers();
    reloadCalls();
  }, [reloadOffers, reloadCalls]);
  const soon = useThrottled(reload);
  useLive('/v1/events', { event: soon, open: reload });

  const act = async (what: () => Promise<unknown>) => {
    setProblem(undefined);
    try {
      await what();
    } catch (error) {
      setProblem(Problem.of(error));
    }
    reload();
  };

  const offer = offers.data?.items.find((each) => each.agent_id === me);
  const call = calls.data?.items.find((each) => each.agent_id === me && MINE.includes(each.state));
  const unread = offers.problem ?? calls.problem;
  return (
    <Page title={t.softphone.title} lead={t.softphone.lead}>
      {problem && <ProblemNotice problem={problem} />}
      {unread && <ProblemNotice problem={unread} retry={reload} stale={offers.data !== undefined} />}
      <div className="softphone">
        <DevicePanel softphone={softphone} />
        {offer && (
          <OfferPanel
            offer={offer}
            onDecision={(accept) =>
              act(() => http.post(`/v1/reservations/${offer.id}/${accept ? 'accept' : 'reject'}`))
            }
          />
        )}
        {call && <CallPanel key={call.id} call={call} softphone={softphone} act={act} />}
        {!offer && !call && !unread && (offers.loading || calls.loading ? <Loading /> : <Nothing />)}
      </div>
    </Page>
  );
}

function Nothing() {
  const { t } = useI18n();
  return (
    <Empty title={t.softphone.none.title}>
      <p>{t.softphone.none.text}</p>
    </Empty>
  );
}
