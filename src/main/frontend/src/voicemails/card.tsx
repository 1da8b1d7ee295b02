import { useRef, useState } from 'react';
import { useI18n } from '../i18n';
import { duration, moment, phone, words as spoken } from '../lib/format';
import { http } from '../lib/http';
import { Problem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { Link } from '../lib/router';
import { useSession } from '../lib/session';
import { Loading, ProblemNotice } from '../ui/notice';
import { OutsideLink } from '../ui/shell';
import { FinishForm } from './finish';
import { isOverdue, isWorkOf, tasksOf, type Message } from './model';

/** Who tried to reach the caller, and what came of it. */
function Attempts({ id }: { id: string }) {
  const { t, language } = useI18n();
  const words = t.voicemails;
  const message = useResource<Message>(`/v1/voicemails/${encodeURIComponent(id)}`);
  if (message.problem) return <ProblemNotice problem={message.problem} retry={message.reload} />;
  if (!message.data) return <Loading />;
  if (message.data.call_backs.length === 0) return <p className="muted">{words.noAttempts}</p>;
  return (
    <ul className="attempts">
      {message.data.call_backs.map((attempt) => (
        <li key={attempt.started_at}>
          {words.attempt(
            attempt.agent,
            moment(attempt.started_at, language),
            attempt.outcome
              ? (words.attemptOutcomes[attempt.outcome] ?? spoken(attempt.outcome))
              : words.underWay,
          )}
        </li>
      ))}
    </ul>
  );
}

/**
 * One message with everything that can be done about it.
 *
 * @param onFinished told what to say of it, as it leaves the list
 */
export function MessageCard({
  message,
  now,
  onFinished,
}: {
  message: Message;
  now: number;
  onFinished: (what: string) => void;
}) {
  const { t, language } = useI18n();
  const { user } = useSession();
  const words = t.voicemails;
  const [problem, setProblem] = useState<Problem>();
  const [ringing, setRinging] = useState(false);
  const [busy, setBusy] = useState(false);
  const [attempts, setAttempts] = useState(false);
  const [finishing, setFinishing] = useState(false);
  const finish = useRef<HTMLButtonElement>(null);
  const mine = isWorkOf(message, user);
  const overdue = isOverdue(message, now);
  const number = /^\+?\d/.test(message.from) ? phone(message.from) : words.hidden;
  const id = `message-${message.id}`;

  const callBack = async () => {
    setBusy(true);
    setProblem(undefined);
    setRinging(false);
    try {
      await http.post(`/v1/voicemails/${encodeURIComponent(message.id)}/call-back`);
      setRinging(true);
    } catch (error) {
      setProblem(Problem.of(error));
    }
    setBusy(false);
  };

  const facts: [string, string | undefined][] = [
    [words.queue, message.queue ?? words.noQueue],
    [words.agent, message.agent ?? (message.state === 'new' ? words.nobody : undefined)],
    [words.left, moment(message.created_at, language)],
    [words.length, message.length_seconds == null ? undefined : duration(message.length_seconds * 1000)],
    [words.priority, message.priority === 0 ? undefined : String(message.priority)],
    [
      words.outcome,
      message.outcome ? (words.outcomes[message.outcome] ?? spoken(message.outcome)) : undefined,
    ],
  ];
  return (
    <li>
      <article className="panel message" aria-labelledby={id} data-overdue={overdue}>
        <div className="panel-head">
          <h2 id={id}>{words.from(number)}</h2>
          {message.state === 'new' && message.due_at && (
            <p>
              <span className="badge" data-state={overdue ? 'failed' : 'pending'}>
                {overdue ? words.overdue : words.due}
              </span>{' '}
              <time dateTime={message.due_at}>{moment(message.due_at, language)}</time>
            </p>
          )}
        </div>
        <dl className="facts">
          {facts.map(
            ([name, value]) =>
              value !== undefined && (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
        {message.erased_at ? (
          <p className="muted">{words.erased}</p>
        ) : (
          <>
            <div>
              <h3 className="said">{words.said}</h3>
              {message.transcription ? (
                <blockquote>{message.transcription}</blockquote>
              ) : (
                <p className="muted">{words.notSaid}</p>
              )}
            </div>
            {!mine ? (
              <p className="muted">{words.listenOthers}</p>
            ) : message.recording_url ? (
              <audio controls preload="none" src={message.recording_url} aria-label={words.listen} />
            ) : (
              <p className="muted">{words.noSound}</p>
            )}
          </>
        )}
        {problem && <ProblemNotice problem={problem} />}
        <p role="status" className="done" hidden={!ringing}>
          {ringing && words.ringing(number)}
        </p>
        <div className="row">
          {mine && message.state === 'new' && (
            <>
              <button
                type="button"
                className="button button-primary"
                disabled={busy}
                title={words.callBackHint}
                aria-label={`${words.callBack}: ${number}`}
                onClick={() => void callBack()}
              >
                {words.callBack}
              </button>
              <button
                type="button"
                ref={finish}
                className="button"
                aria-expanded={finishing}
                aria-label={`${words.finish}: ${number}`}
                onClick={() => setFinishing(!finishing)}
              >
                {words.finish}
              </button>
              <OutsideLink className="button" href={tasksOf(message.call_id)}>
                {words.work}
              </OutsideLink>
            </>
          )}
          <Link className="button" href={`/calls/${message.call_id}`}>
            {words.call}
          </Link>
          {message.state !== 'dropped' && (
            <button
              type="button"
              className="button"
              aria-expanded={attempts}
              onClick={() => setAttempts(!attempts)}
            >
              {words.attempts}
            </button>
          )}
        </div>
        {finishing && mine && message.state === 'new' && (
          <FinishForm
            message={message.id}
            onFinished={(later) => {
              setFinishing(false);
              onFinished(later ? words.putOff(number) : words.finished(number));
            }}
            onCancel={() => {
              setFinishing(false);
              finish.current?.focus();
            }}
          />
        )}
        {attempts && <Attempts id={message.id} />}
      </article>
    </li>
  );
}
