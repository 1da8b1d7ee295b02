import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useI18n } from '../i18n';
import { http, type Tagged } from '../lib/http';
import { Problem, type FieldProblem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { Confirm } from '../ui/confirm';
import { ProblemNotice } from '../ui/notice';
import { ChoiceField, ExpressionField, idOf, SettingField, TagsField, TextField } from './fields';
import { GroupPanel } from './panel';
import { RingsField, TiersField, type Agent } from './rings';
import {
  bodyOf,
  changedBetween,
  GROUP_NAMES,
  settingsOf,
  unreadable,
  withChange,
  type Changes,
  type QueueSettings,
  type Ring,
  type Tier,
} from './settings';
import { Further } from './view';

/** What has to be read before one goes on: comes into view and takes the focus, wherever in the form that was. */
function Attention({ about, children }: { about: unknown; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [about]);
  return (
    <div className="attention" tabIndex={-1} ref={box}>
      {children}
    </div>
  );
}

/** What was refused, each with a way to its field. */
function Refused({ faults }: { faults: readonly FieldProblem[] }) {
  const { t } = useI18n();
  return (
    <div className="notice notice-bad" role="alert">
      <p className="notice-title">{t.queues.form.refused(faults.length)}</p>
      <p>{t.queues.form.nothingKept}</p>
      <ul className="refused">
        {faults.map((fault) => (
          <li key={fault.field}>
            <a
              href={`#${idOf(fault.field)}`}
              onClick={(event) => {
                event.preventDefault();
                const field = document.getElementById(idOf(fault.field));
                field?.focus();
                // Keyboard and eyes go on where the expression is not understood.
                if (fault.place && field instanceof HTMLTextAreaElement) {
                  field.setSelectionRange(fault.place.index, fault.place.index + 1);
                }
              }}
            >
              {t.queues.settings[fault.field]?.[0] ?? fault.field}
            </a>
            : {fault.problem}
          </li>
        ))}
      </ul>
    </div>
  );
}

/**
 * All settings of a queue, to be changed.
 *
 * @param queue as it was read, with the mark that a change sends along
 * @param onChanged with the queue after a change, by this form or by somebody else
 */
export function SettingsForm({
  queue,
  onChanged,
  onDeleted,
}: {
  queue: Tagged<QueueSettings>;
  onChanged: (queue: Tagged<QueueSettings>) => void;
  onDeleted: () => void;
}) {
  const { t } = useI18n();
  const words = t.queues.form;
  const path = `/v1/queues/${encodeURIComponent(queue.data.id)}`;
  const tags = useResource<{ items: { name: string }[] }>('/v1/tags?limit=200');
  const agents = useResource<{ items: Agent[] }>('/v1/agents?limit=200');
  const [changes, setChanges] = useState<Changes>({});
  /** Fields keep what is written in them; a new generation begins with what is saved. */
  const [generation, setGeneration] = useState(0);
  const [faults, setFaults] = useState<readonly FieldProblem[]>([]);
  const [problem, setProblem] = useState<Problem>();
  /** Why it cannot be deleted. */
  const [kept, setKept] = useState<Problem>();
  const [saved, setSaved] = useState(false);
  const [news, setNews] = useState('');
  const [busy, setBusy] = useState(false);

  const base = queue.data;
  const shown = bodyOf(base, changes);
  const count = Object.keys(changes).length;
  const tagNames = (tags.data?.items ?? []).map(({ name }) => name);
  const faultOf = (field: string) => faults.find((fault) => fault.field === field);
  const set = (name: string) => (value: unknown) => {
    setChanges(withChange(changes, base, name, value));
    setSaved(false);
  };

  // A closed tab takes what is not saved along: the browser asks first.
  useEffect(() => {
    if (count === 0) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [count]);

  /** Begins anew with what is saved, and with the changes that are kept. */
  const settle = (remaining: Changes) => {
    setChanges(remaining);
    setFaults([]);
    setProblem(undefined);
    setGeneration(generation + 1);
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setSaved(false);
    setNews('');
    setProblem(undefined);
    const notNumbers = unreadable(changes);
    if (notNumbers.length > 0) {
      setFaults(
        notNumbers.map((field) => ({
          field,
          problem: words.notANumber,
          remedy: words.notANumberRemedy,
        })),
      );
      return;
    }
    setBusy(true);
    try {
      onChanged(await http.putTagged<QueueSettings>(path, shown, queue.etag));
      settle({});
      setSaved(true);
    } catch (error) {
      const refusal = Problem.of(error);
      setFaults(refusal.fields);
      if (refusal.fields.length === 0) setProblem(refusal);
    }
    setBusy(false);
  };

  const load = async (keep: boolean) => {
    try {
      const newest = await http.getTagged<QueueSettings>(path);
      const theirs = changedBetween(base, newest.data).map((name) => t.queues.settings[name]?.[0] ?? name);
      onChanged(newest);
      const mine: Changes = keep
        ? Object.entries(changes).reduce<Changes>(
            (all, [name, value]) => withChange(all, newest.data, name, value),
            {},
          )
        : {};
      settle(mine);
      const changed = theirs.length === 0 ? words.loaded : words.loadedWith(theirs.join(', '));
      setNews(Object.keys(mine).length > 0 ? `${changed} ${words.mineKept}` : changed);
    } catch (error) {
      setProblem(Problem.of(error));
    }
  };

  const remove = async () => {
    try {
      await http.delete(path, queue.etag);
      setChanges({});
      onDeleted();
    } catch (error) {
      const refusal = Problem.of(error);
      if (refusal.status === 412) setProblem(refusal);
      else setKept(refusal);
    }
  };

  const text = (name: string) => t.queues.settings[name]!;
  const common = (name: string) => ({
    field: name,
    label: text(name)[0],
    help: text(name)[1],
    fault: faultOf(name),
    onChange: set(name),
  });

  return (
    <form className="settings" onSubmit={(event) => void save(event)} noValidate>
      {news !== '' && (
        <Attention about={news}>
          <p className="notice notice-good" role="status">
            {news}
          </p>
        </Attention>
      )}
      {base.warnings && base.warnings.length > 0 && (
        <Attention about={base}>
          <div className="notice">
            <p className="notice-title">{words.warnings}</p>
            {base.warnings.map((warning) => (
              <p key={warning}>{warning}</p>
            ))}
          </div>
        </Attention>
      )}
      {problem && (
        <Attention about={problem}>
          {problem.status === 412 ? (
            <div className="notice notice-bad" role="alert">
              <p className="notice-title">{words.stale}</p>
              <p>{words.staleText}</p>
              <div className="row">
                <button type="button" className="button button-primary" onClick={() => void load(true)}>
                  {words.staleKeep}
                </button>
                <button type="button" className="button" onClick={() => void load(false)}>
                  {words.staleDiscard}
                </button>
              </div>
            </div>
          ) : (
            <ProblemNotice problem={problem} />
          )}
        </Attention>
      )}
      {faults.length > 0 && (
        <Attention about={faults}>
          <Refused faults={faults} />
        </Attention>
      )}

      <div className="settings-groups" key={generation}>
        <GroupPanel group="agents">
          <TextField {...common('name')} value={shown.name} />
          <TagsField
            {...common('required_tags')}
            tags={tagNames}
            value={shown['required_tags'] as string[] | undefined}
          />
          <ChoiceField
            {...common('match')}
            choices={['all', 'any']}
            words={(choice) => t.queues.choices['match']![choice]!}
            value={shown['match'] as string | undefined}
          />
          <ExpressionField {...common('expression')} value={shown['expression'] as string | undefined} />
          <RingsField
            tags={tagNames}
            faults={faultOf}
            value={(shown['rings'] as Ring[] | undefined) ?? []}
            onChange={set('rings')}
          />
        </GroupPanel>
        {GROUP_NAMES.map((group) => (
          <GroupPanel key={group} group={group}>
            {settingsOf(group).map(([name, range]) => (
              <SettingField
                key={name}
                name={name}
                range={range}
                value={shown[name]}
                fault={faultOf(name)}
                onChange={set(name)}
              />
            ))}
            {group === 'order' && (
              <TiersField
                agents={agents.data?.items ?? []}
                faults={faultOf}
                value={(shown['tiers'] as Tier[] | undefined) ?? []}
                onChange={set('tiers')}
              />
            )}
          </GroupPanel>
        ))}
        <Further settings={base} />
      </div>
      <div className="row">
        <Confirm
          label={words.delete}
          question={words.deleteSure}
          yes={words.deleteYes}
          disabled={busy}
          onYes={remove}
        />
      </div>
      {kept && <ProblemNotice problem={kept} />}

      <div className="save-bar">
        <button type="submit" className="button button-primary" disabled={busy}>
          {words.save}
        </button>
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => {
            settle({});
            setNews('');
          }}
        >
          {words.discard}
        </button>
        <span className="muted" role="status">
          {saved && count === 0 ? words.saved : words.changes(count)}
        </span>
      </div>
    </form>
  );
}
