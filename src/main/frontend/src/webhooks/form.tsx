import { useRef, useState, type FormEvent } from 'react';
import { useI18n } from '../i18n';
import { Problem } from '../lib/problem';
import { ProblemNotice } from '../ui/notice';
import { EVENT_TYPES, namesIn, type Webhook } from './model';

/** What somebody wants to be told, and where. */
export interface Wish {
  url: string;
  /** Left out for all. */
  event_types?: string[];
}

const KNOWN: readonly string[] = EVENT_TYPES;

/**
 * Asks where to send what, for a webhook to be or to be changed.
 *
 * @param onSave throws the server's refusal, which is then shown where it belongs
 */
export function WebhookForm({
  webhook,
  onSave,
  onCancel,
}: {
  webhook?: Webhook;
  onSave: (wish: Wish) => Promise<void>;
  onCancel: () => void;
}) {
  const { t } = useI18n();
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [all, setAll] = useState(!webhook?.event_types.length);
  const [chosen, setChosen] = useState(
    () => new Set(webhook?.event_types.filter((type) => KNOWN.includes(type))),
  );
  const [others, setOthers] = useState(
    () => webhook?.event_types.filter((type) => !KNOWN.includes(type)).join(', ') ?? '',
  );
  const [wrong, setWrong] = useState<{ url?: string; types?: string; other?: Problem }>({});
  const [busy, setBusy] = useState(false);
  const urlField = useRef<HTMLInputElement>(null);
  const othersField = useRef<HTMLInputElement>(null);

  const refuse = (what: typeof wrong) => {
    setWrong(what);
    (what.types === undefined ? urlField : othersField).current?.focus();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const types = [...chosen, ...namesIn(others)];
    if (url.trim() === '') return refuse({ url: t.webhooks.urlMissing });
    if (!all && types.length === 0) return refuse({ types: t.webhooks.typesMissing });
    setBusy(true);
    setWrong({});
    try {
      await onSave(all ? { url: url.trim() } : { url: url.trim(), event_types: types });
    } catch (error) {
      const problem = Problem.of(error);
      const words = [problem.detail, problem.remedy].filter(Boolean).join(' ');
      if (problem.status !== 422) setWrong({ other: problem });
      else refuse(/event.types/.test(words) ? { types: words } : { url: words });
      setBusy(false);
    }
  };

  const choose = (type: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(type);
    else next.delete(type);
    setChosen(next);
  };

  return (
    <form
      className="panel webhook-form"
      aria-labelledby="webhook-form"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      noValidate
    >
      <h2 id="webhook-form">{webhook ? t.webhooks.change : t.webhooks.add}</h2>
      {wrong.other && <ProblemNotice problem={wrong.other} />}
      <div className="field">
        <label htmlFor="url">{t.webhooks.url}</label>
        <input
          id="url"
          type="url"
          ref={urlField}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
          placeholder="https://crm.example.com/cordboard"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          required
          aria-invalid={wrong.url !== undefined}
          aria-describedby={wrong.url ? 'url-wrong' : 'url-hint'}
        />
        {wrong.url ? (
          <p className="field-wrong" id="url-wrong">
            {wrong.url}
          </p>
        ) : (
          <p className="hint" id="url-hint">
            {t.webhooks.urlHint}
          </p>
        )}
      </div>
      <fieldset className="chips">
        <legend>{t.webhooks.types}</legend>
        {[true, false].map((every) => (
          <label key={String(every)} className="chip">
            <input type="radio" name="all" checked={all === every} onChange={() => setAll(every)} />
            {every ? t.webhooks.all : t.webhooks.some}
          </label>
        ))}
      </fieldset>
      {!all && (
        <>
          <fieldset className="chips">
            <legend className="sr-only">{t.webhooks.types}</legend>
            {EVENT_TYPES.map((type) => (
              <label key={type} className="chip">
                <input
                  type="checkbox"
                  checked={chosen.has(type)}
                  onChange={(event) => choose(type, event.target.checked)}
                />
                <code>{type}</code>
              </label>
            ))}
          </fieldset>
          <div className="field">
            <label htmlFor="others">{t.webhooks.others}</label>
            <input
              id="others"
              ref={othersField}
              value={others}
              onChange={(event) => setOthers(event.target.value)}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              aria-invalid={wrong.types !== undefined}
              aria-describedby={wrong.types ? 'others-wrong' : 'others-hint'}
            />
            {wrong.types ? (
              <p className="field-wrong" id="others-wrong">
                {wrong.types}
              </p>
            ) : (
              <p className="hint" id="others-hint">
                {t.webhooks.othersHint}
              </p>
            )}
          </div>
        </>
      )}
      <div className="row">
        <button type="submit" className="button button-primary" disabled={busy}>
          {webhook ? t.webhooks.save : t.webhooks.add}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {t.cancel}
        </button>
      </div>
    </form>
  );
}
