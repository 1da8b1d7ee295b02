import { useState, type FormEvent } from 'react';
import { useI18n } from '../i18n';
import { phone } from '../lib/format';
import { BEHAVIOURS, compact, ended, person, validNumber, type Leg, type PhoneSettings } from './carrier';

/** Who answers by itself may take a while; for the others the time means nothing. */
const TAKES_A_WHILE = new Set(['answer', 'silent', 'machine', 'hang-up']);

function OtherPhone({
  number,
  settings,
  leg,
  onChange,
  onAnswer,
  onDecline,
  onHangUp,
}: {
  number: string;
  settings: PhoneSettings;
  leg: Leg | undefined;
  onChange: (settings: PhoneSettings) => void;
  onAnswer: (sid: string) => void;
  onDecline: (sid: string) => void;
  onHangUp: (sid: string) => void;
}) {
  const { t } = useI18n();
  const rings = leg !== undefined && leg.status !== 'in-progress';
  return (
    <li className="other-phone" data-rings={rings} aria-label={t.phone.phoneOf(number)}>
      <div className="other-head">
        <span className="other-number">{phone(number)}</span>
        <span className="other-state" role="status">
          {leg && (rings ? t.phone.ringing : t.phone.talking)}
        </span>
      </div>
      {leg && (
        <div className="row">
          {rings ? (
            <>
              <button type="button" className="button button-call" onClick={() => onAnswer(leg.sid)}>
                {t.phone.answer}
              </button>
              <button type="button" className="button" onClick={() => onDecline(leg.sid)}>
                {t.phone.decline}
              </button>
            </>
          ) : (
            <button type="button" className="button" onClick={() => onHangUp(leg.sid)}>
              {t.phone.hangUp}
            </button>
          )}
        </div>
      )}
      <div className="other-settings">
        <label>
          <span className="sr-only">{t.phone.behaviour}</span>
          <select
            value={settings.behaviour}
            onChange={(event) => onChange({ ...settings, behaviour: event.target.value })}
          >
            {BEHAVIOURS.map((behaviour) => (
              <option key={behaviour} value={behaviour}>
                {t.phone.behaviours[behaviour]}
              </option>
            ))}
          </select>
        </label>
        {TAKES_A_WHILE.has(settings.behaviour) && (
          <label className="after">
            <span>{t.phone.answersAfter}</span>
            <input
              type="number"
              min="0"
              max="120"
              step="0.1"
              key={settings.answerAfterMs}
              defaultValue={settings.answerAfterMs / 1000}
              onBlur={(event) => {
                const milliseconds = Math.round(event.target.valueAsNumber * 1000);
                if (milliseconds >= 0 && milliseconds !== settings.answerAfterMs) {
                  onChange({ ...settings, answerAfterMs: milliseconds });
                }
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter') event.currentTarget.blur();
              }}
            />
          </label>
        )}
      </div>
    </li>
  );
}

const SIMPLY_ANSWERS: PhoneSettings = { behaviour: 'answer', answerAfterMs: 600 };

/** Numbers that the carrier keeps for tests; they are of use, but not of interest here. */
function magic(number: string): boolean {
  return number.startsWith('+155501990');
}

/** The phones that Cordboard may ring, and what happens when it does. */
export function OtherPhones({
  phones,
  legs,
  onChange,
  onAnswer,
  onDecline,
  onHangUp,
}: {
  phones: Record<string, PhoneSettings>;
  legs: readonly Leg[];
  onChange: (number: string, settings: PhoneSettings) => void;
  onAnswer: (sid: string) => void;
  onDecline: (sid: string) => void;
  onHangUp: (sid: string) => void;
}) {
  const { t } = useI18n();
  const [adding, setAdding] = useState('');
  const [wrong, setWrong] = useState(false);

  const called = legs.filter((leg) => leg.direction !== 'inbound');
  const numbers = [
    ...new Set([...Object.keys(phones).filter((each) => !magic(each)), ...called.map(person)]),
  ].sort();

  const add = (event: FormEvent) => {
    event.preventDefault();
    const valid = validNumber(adding);
    setWrong(!valid);
    if (!valid) return;
    onChange(compact(adding), { behaviour: 'manual', answerAfterMs: SIMPLY_ANSWERS.answerAfterMs });
    setAdding('');
  };

  return (
    <section className="panel others" aria-labelledby="others">
      <h2 id="others">{t.phone.agents}</h2>
      <p className="muted">{t.phone.agentsLead}</p>
      {numbers.length === 0 ? (
        <p>{t.phone.agentsEmpty}</p>
      ) : (
        <ul>
          {numbers.map((number) => (
            <OtherPhone
              key={number}
              number={number}
              settings={phones[number] ?? SIMPLY_ANSWERS}
              leg={called.find((leg) => person(leg) === number && !ended(leg))}
              onChange={(settings) => onChange(number, settings)}
              onAnswer={onAnswer}
              onDecline={onDecline}
              onHangUp={onHangUp}
            />
          ))}
        </ul>
      )}
      <details>
        <summary>{t.phone.addPhone}</summary>
        <form onSubmit={add} noValidate>
          <label htmlFor="add-phone">{t.phone.addPhoneNumber}</label>
          <div className="with-button">
            <input
              id="add-phone"
              type="tel"
              autoComplete="off"
              value={adding}
              onChange={(event) => setAdding(event.target.value)}
              aria-invalid={wrong}
              aria-describedby={wrong ? 'add-phone-wrong' : undefined}
            />
            <button type="submit" className="button">
              {t.phone.addPhoneAction}
            </button>
          </div>
          {wrong && (
            <p className="field-wrong" id="add-phone-wrong">
              {t.phone.numberWrong}
            </p>
          )}
        </form>
      </details>
    </section>
  );
}
