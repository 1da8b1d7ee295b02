import { useState, type ReactNode } from 'react';
import { useI18n } from '../i18n';
import type { FieldProblem } from '../lib/problem';
import { namesIn } from '../webhooks/model';
import { markedAt } from './model';
import { numberIn, unitOf, UNITS, type Range, type Unit } from './settings';
import { useLength } from './words';

/** Where a field of the settings is on the page, by its name in the API. */
export function idOf(field: string): string {
  return `setting-${field.replace(/[^a-z0-9_]+/gi, '-')}`;
}

/** A field with its help, and what is wrong with it. */
export function Field({
  field,
  label,
  help,
  fault,
  group,
  children,
}: {
  field: string;
  label: string;
  help?: ReactNode;
  fault?: FieldProblem | undefined;
  /** Several controls under one name. */
  group?: boolean;
  children: (described: string) => ReactNode;
}) {
  const id = idOf(field);
  const described = [fault && `${id}-wrong`, help && `${id}-help`].filter(Boolean).join(' ');
  const around = (
    <>
      {children(described)}
      {fault && (
        <p className="field-wrong" id={`${id}-wrong`}>
          {fault.problem} {fault.remedy}
        </p>
      )}
      {help && (
        <p className="hint" id={`${id}-help`}>
          {help}
        </p>
      )}
    </>
  );
  if (group) {
    return (
      <fieldset className="field" id={id} tabIndex={-1} aria-describedby={described || undefined}>
        <legend>{label}</legend>
        {around}
      </fieldset>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {around}
    </div>
  );
}

interface Asked<T> {
  field: string;
  label: string;
  help?: ReactNode;
  fault?: FieldProblem | undefined;
  value: T | undefined;
  onChange: (value: T | undefined) => void;
}

export function TextField({ autoFocus, ...of }: Asked<string> & { autoFocus?: boolean }) {
  return (
    <Field {...of}>
      {(described) => (
        <input
          id={idOf(of.field)}
          value={of.value ?? ''}
          onChange={({ target }) => of.onChange(target.value === '' ? undefined : target.value)}
          autoFocus={autoFocus}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={of.fault !== undefined}
          aria-describedby={described || undefined}
        />
      )}
    </Field>
  );
}

/** A number; what is written is kept as it is until it is one. */
export function NumberField({ usual, ...of }: Asked<number> & { usual?: number | undefined }) {
  const [text, setText] = useState(of.value === undefined || Number.isNaN(of.value) ? '' : String(of.value));
  return (
    <Field {...of}>
      {(described) => (
        <input
          id={idOf(of.field)}
          className="short"
          inputMode="decimal"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            of.onChange(numberIn(target.value));
          }}
          placeholder={usual === undefined ? undefined : String(usual)}
          autoComplete="off"
          aria-invalid={of.fault !== undefined}
          aria-describedby={described || undefined}
        />
      )}
    </Field>
  );
}

/** A length of time in a unit that reads well; the API has seconds. */
export function SecondsField({ usual, ...of }: Asked<number> & { usual?: number | undefined }) {
  const { t } = useI18n();
  const [unit, setUnit] = useState<Unit>(() => unitOf(of.value ?? usual));
  const [text, setText] = useState(() =>
    of.value === undefined || Number.isNaN(of.value) ? '' : String(of.value / unitOf(of.value)),
  );
  const tell = (written: string, inUnit: Unit) => {
    const number = numberIn(written);
    // Thousandths are what the server keeps of parts of a second.
    of.onChange(number === undefined ? undefined : Math.round(number * inUnit * 1000) / 1000);
  };
  return (
    <Field {...of}>
      {(described) => (
        <div className="amount">
          <input
            id={idOf(of.field)}
            inputMode="decimal"
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              tell(target.value, unit);
            }}
            placeholder={usual === undefined ? undefined : String(usual / unit)}
            autoComplete="off"
            aria-invalid={of.fault !== undefined}
            aria-describedby={described || undefined}
          />
          <select
            value={unit}
            aria-label={t.queues.form.unit(of.label)}
            onChange={({ target }) => {
              const chosen = Number(target.value) as Unit;
              setUnit(chosen);
              tell(text, chosen);
            }}
          >
            {UNITS.map((each) => (
              <option key={each} value={each}>
                {t.queues.form.units[each]}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}

export function ChoiceField({
  choices,
  words,
  ...of
}: Asked<string> & { choices: readonly string[]; words: (choice: string) => string }) {
  return (
    <Field {...of}>
      {(described) => (
        <select
          id={idOf(of.field)}
          value={of.value ?? choices[0]}
          onChange={({ target }) => of.onChange(target.value)}
          aria-invalid={of.fault !== undefined}
          aria-describedby={described || undefined}
        >
          {choices.map((each) => (
            <option key={each} value={each}>
              {words(each)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function TruthField(of: Asked<boolean>) {
  const id = idOf(of.field);
  return (
    <div className="field">
      <label className="truth" htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          checked={of.value ?? false}
          onChange={({ target }) => of.onChange(target.checked)}
          aria-describedby={`${id}-help`}
        />
        {of.label}
      </label>
      {of.fault && (
        <p className="field-wrong">
          {of.fault.problem} {of.fault.remedy}
        </p>
      )}
      <p className="hint" id={`${id}-help`}>
        {of.help}
      </p>
    </div>
  );
}

/** Any of a few. */
export function ChoicesField({
  choices,
  words,
  ...of
}: Asked<string[]> & { choices: readonly string[]; words: (choice: string) => string }) {
  const chosen = of.value ?? [];
  return (
    <Field {...of} group>
      {() => (
        <div className="chips">
          {choices.map((each) => (
            <label key={each} className="chip">
              <input
                type="checkbox"
                checked={chosen.includes(each)}
                onChange={({ target }) =>
                  // Always in the order of the choices, so that there and back is no change.
                  of.onChange(
                    choices.filter((other) => (other === each ? target.checked : chosen.includes(other))),
                  )
                }
              />
              {words(each)}
            </label>
          ))}
        </div>
      )}
    </Field>
  );
}

/** Tags out of those there are; one that is gone stays to be taken out. */
export function TagsField({ tags, ...of }: Asked<string[]> & { tags: readonly string[] }) {
  const { t } = useI18n();
  const chosen = of.value ?? [];
  const all = [...new Set([...tags, ...chosen])];
  if (all.length === 0) {
    return (
      <Field {...of} group>
        {() => <p className="muted">{t.queues.form.noTags}</p>}
      </Field>
    );
  }
  return <ChoicesField {...of} choices={all} words={(tag) => tag} />;
}

/** Words of one's own. */
export function WordsField(of: Asked<string[]>) {
  const { t } = useI18n();
  const [text, setText] = useState((of.value ?? []).join(', '));
  return (
    <TextField
      {...of}
      help={
        <>
          {of.help} {t.queues.form.words}
        </>
      }
      value={text}
      onChange={(written) => {
        setText(written ?? '');
        of.onChange(namesIn(written ?? ''));
      }}
    />
  );
}

/** An expression; where the server did not understand it, the place is marked in the text. */
export function ExpressionField(of: Asked<string>) {
  const value = of.value ?? '';
  const [wrong, setWrong] = useState<{ fault: FieldProblem; in: string }>();
  // The mark belongs to the text that was refused: it goes as soon as that is changed.
  if (of.fault?.place && wrong?.fault !== of.fault) setWrong({ fault: of.fault, in: value });
  const place = wrong && wrong.fault === of.fault && wrong.in === value ? wrong.fault.place : undefined;
  const [before, marked, after] = place ? markedAt(value, place.index) : [value, '', ''];
  return (
    <Field {...of}>
      {(described) => (
        <div className="expression">
          <textarea
            id={idOf(of.field)}
            rows={2}
            value={value}
            onChange={({ target }) => of.onChange(target.value === '' ? undefined : target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={4096}
            aria-invalid={of.fault !== undefined}
            aria-describedby={described || undefined}
          />
          <div className="expression-marks" aria-hidden="true">
            {before}
            {marked && <mark>{marked}</mark>}
            {after}
          </div>
        </div>
      )}
    </Field>
  );
}

/** The field that fits the range of a setting. */
export function SettingField({
  name,
  range,
  ...of
}: {
  name: string;
  range: Range;
  value: unknown;
  fault?: FieldProblem | undefined;
  onChange: (value: unknown) => void;
}) {
  const { t } = useI18n();
  const length = useLength();
  const [label, text] = t.queues.settings[name] ?? [name, ''];
  const words = (choice: string) =>
    t.queues.choices[name]?.[choice] ?? (t.status as Record<string, string>)[choice] ?? choice;
  const numbers = (low: string, high: string, usual: string) =>
    `${text} ${t.queues.form.range(low, high)}. ${t.queues.form.usual(usual)}.`;
  const common = { field: name, label, help: text, fault: of.fault, onChange: of.onChange };

  switch (range.kind) {
    case 'seconds':
      return (
        <SecondsField
          {...common}
          help={numbers(length(range.min), length(range.max), length(range.usual))}
          value={of.value as number | undefined}
          usual={range.usual}
        />
      );
    case 'whole':
      return (
        <NumberField
          {...common}
          help={numbers(String(range.min), String(range.max), String(range.usual))}
          value={of.value as number | undefined}
          usual={range.usual}
        />
      );
    case 'truth':
      return <TruthField {...common} value={of.value as boolean | undefined} />;
    case 'choice':
      return (
        <ChoiceField
          {...common}
          help={`${text} ${t.queues.form.usual(words(range.usual))}.`}
          value={(of.value as string | undefined) ?? range.usual}
          choices={range.choices}
          words={words}
        />
      );
    case 'choices':
      return (
        <ChoicesField
          {...common}
          value={of.value as string[] | undefined}
          choices={range.choices}
          words={words}
        />
      );
    case 'words':
      return <WordsField {...common} value={of.value as string[] | undefined} />;
    case 'text':
      return <TextField {...common} value={of.value as string | undefined} />;
  }
}
