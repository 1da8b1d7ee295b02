import { useRef, useState, type FormEvent } from 'react';
import { useI18n } from '../i18n';
import { http } from '../lib/http';
import { Problem } from '../lib/problem';
import { ProblemNotice } from '../ui/notice';

const OUTCOMES = ['done', 'calledBack', 'noActionNeeded', 'callBackLater'] as const;
type Outcome = (typeof OUTCOMES)[number];

/**
 * Asks what came of a message, as the task in Tasklist does.
 *
 * @param onFinished told whether it is put off instead
 */
export function FinishForm({
  message,
  onFinished,
  onCancel,
}: {
  message: string;
  onFinished: (later: boolean) => void;
  onCancel: () => void;
}) {
  const { t } = useI18n();
  const words = t.voicemails;
  const [outcome, setOutcome] = useState<Outcome>('done');
  const [at, setAt] = useState('');
  const [notes, setNotes] = useState('');
  const [atMissing, setAtMissing] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const atField = useRef<HTMLInputElement>(null);
  const later = outcome === 'callBackLater';
  const id = (part: string) => `finish-${message}-${part}`;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // A local time, as the field has it.
    const again = new Date(at);
    if (later && !(again.getTime() > Date.now())) {
      setAtMissing(true);
      atField.current?.focus();
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      await http.post(`/v1/voicemails/${encodeURIComponent(message)}/complete`, {
        outcome,
        ...(notes.trim() === '' ? {} : { notes: notes.trim() }),
        ...(later ? { call_back_at: again.toISOString() } : {}),
      });
      onFinished(later);
    } catch (error) {
      setProblem(Problem.of(error));
      setBusy(false);
    }
  };

  return (
    <form
      className="finish"
      aria-label={words.finishTitle}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      noValidate
    >
      <fieldset className="field">
        <legend>{words.finishTitle}</legend>
        <div className="chips">
          {OUTCOMES.map((each) => (
            <label key={each} className="chip">
              <input
                type="radio"
                name={id('outcome')}
                autoFocus={each === 'done'}
                checked={outcome === each}
                onChange={() => setOutcome(each)}
              />
              {each === 'callBackLater' ? words.later : words.outcomes[each]}
            </label>
          ))}
        </div>
      </fieldset>
      {later && (
        <div className="field">
          <label htmlFor={id('at')}>{words.laterAt}</label>
          <input
            id={id('at')}
            ref={atField}
            type="datetime-local"
            value={at}
            onChange={({ target }) => {
              setAt(target.value);
              setAtMissing(false);
            }}
            aria-invalid={atMissing}
            aria-describedby={id('at-hint')}
          />
          <p className={atMissing ? 'field-wrong' : 'hint'} id={id('at-hint')}>
            {atMissing ? words.laterMissing : words.laterHint}
          </p>
        </div>
      )}
      <div className="field">
        <label htmlFor={id('notes')}>{words.notes}</label>
        <textarea
          id={id('notes')}
          value={notes}
          maxLength={4000}
          onChange={({ target }) => setNotes(target.value)}
          aria-describedby={id('notes-hint')}
        />
        <p className="hint" id={id('notes-hint')}>
          {words.notesHint}
        </p>
      </div>
      {problem && <ProblemNotice problem={problem} />}
      <div className="row">
        <button type="submit" className="button button-primary" disabled={busy}>
          {words.finishAction}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {t.cancel}
        </button>
      </div>
    </form>
  );
}
