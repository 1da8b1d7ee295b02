import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { useI18n } from '../i18n';
import { useNow } from '../lib/clock';
import { duration, phone } from '../lib/format';
import { compact, ended, validNumber, type Leg } from './carrier';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const LETTERS: Record<string, string> = {
  '2': 'ABC',
  '3': 'DEF',
  '4': 'GHI',
  '5': 'JKL',
  '6': 'MNO',
  '7': 'PQRS',
  '8': 'TUV',
  '9': 'WXYZ',
  '0': '+',
};

/** The phone itself: numbers, the green and the red button, a keypad, a microphone made of text. */
export function Handset({
  leg,
  to: suggestedTo,
  busy,
  onCall,
  onHangUp,
  onPress,
  onSay,
}: {
  leg: Leg | undefined;
  to: string;
  busy: boolean;
  onCall: (from: string, to: string) => void;
  onHangUp: () => void;
  onPress: (digit: string) => void;
  onSay: (text: string) => void;
}) {
  const { t } = useI18n();
  const [from, setFrom] = useState('+15550142001');
  const [to, setTo] = useState(suggestedTo);
  const [tried, setTried] = useState(false);
  const [speech, setSpeech] = useState('');
  const [pressed, setPressed] = useState<string>();
  const keypad = useRef<HTMLDivElement>(null);

  const inCall = leg !== undefined && !ended(leg);
  const talking = leg?.status === 'in-progress';
  const now = useNow(talking);

  useEffect(() => {
    if (inCall) keypad.current?.focus({ preventScroll: true });
  }, [inCall]);

  useEffect(() => {
    if (pressed === undefined) return;
    const timer = setTimeout(() => setPressed(undefined), 160);
    return () => clearTimeout(timer);
  }, [pressed]);

  const press = (key: string) => {
    if (!talking) return;
    setPressed(key);
    onPress(key);
  };

  const typed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key)) return;
    event.preventDefault();
    press(event.key);
  };

  const call = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (validNumber(from) && validNumber(to)) onCall(compact(from), compact(to));
  };

  const say = (event: FormEvent) => {
    event.preventDefault();
    if (speech.trim() === '') return;
    onSay(speech.trim());
    setSpeech('');
  };

  const field = (id: string, label: string, value: string, set: (value: string) => void) => {
    const wrong = tried && !validNumber(value);
    return (
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          type="tel"
          autoComplete="off"
          value={value}
          onChange={(event) => set(event.target.value)}
          disabled={inCall}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
        />
        {wrong && (
          <p className="field-wrong" id={`${id}-wrong`}>
            {t.phone.numberWrong}
          </p>
        )}
      </div>
    );
  };

  const answeredAt = leg?.answered ? Date.parse(leg.answered) : undefined;
  return (
    <section className="handset" aria-label={t.phone.phone}>
      <div className="screen" data-state={leg?.status ?? 'idle'}>
        <p className="screen-state" role="status">
          {leg ? (t.phone.states[leg.status] ?? leg.status) : t.phone.idle}
        </p>
        <p className="screen-number">{phone(leg?.to ?? compact(to))}</p>
        <p className="screen-time">
          {answeredAt !== undefined &&
            duration((leg?.ended ? Date.parse(leg.ended) : Math.max(now, answeredAt)) - answeredAt)}
        </p>
      </div>
      <form onSubmit={call} noValidate>
        {!inCall && (
          <div className="numbers">
            {field('from', t.phone.from, from, setFrom)}
            {field('to', t.phone.to, to, setTo)}
          </div>
        )}
        {inCall ? (
          <button type="button" className="button button-hang-up" onClick={onHangUp}>
            {t.phone.hangUp}
          </button>
        ) : (
          <button type="submit" className="button button-call" disabled={busy}>
            {busy ? t.phone.calling : t.phone.call}
          </button>
        )}
      </form>
      <div
        className="keypad"
        role="group"
        aria-label={t.phone.keypad}
        aria-describedby="keypad-hint"
        tabIndex={-1}
        ref={keypad}
        onKeyDown={typed}
      >
        {KEYS.map((key) => (
          <button
            key={key}
            type="button"
            aria-label={/\d/.test(key) ? undefined : t.phone.key(key)}
            aria-disabled={!talking}
            data-pressed={pressed === key}
            onClick={() => press(key)}
          >
            <span>{key}</span>
            <small>{LETTERS[key] ?? ' '}</small>
          </button>
        ))}
      </div>
      <p className="hint" id="keypad-hint">
        {t.phone.keypadHint}
      </p>
      <form className="say" onSubmit={say}>
        <label htmlFor="speech">{t.phone.say}</label>
        <div className="with-button">
          <input
            id="speech"
            value={speech}
            onChange={(event) => setSpeech(event.target.value)}
            placeholder={t.phone.sayPlaceholder}
            autoComplete="off"
          />
          <button type="submit" className="button" disabled={!talking}>
            {t.phone.sayAction}
          </button>
        </div>
      </form>
    </section>
  );
}
