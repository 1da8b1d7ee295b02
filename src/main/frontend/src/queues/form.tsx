import { useEffect, useRef, useState, type FormEvent } from 'react';
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

/** What was refused, each with a way to its field; takes the focus. */
function Refused({ faults }: { faults: readonly FieldProblem[] }) {
  const { t } = useI18n();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [faults]);
  return (
    <div className="notice notice-bad" role="alert" tabIndex={-1} ref={box}>
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
  const [done, setDone] = useState('');
  const [busy, setBusy] = useState(false);
  const status = useRef<HTMLParagraphElement>(null);

  const base = queue.data;
  const shown = bodyOf(base, changes);
  const count = Object.keys(changes).length;
  const tagNames = (tags.data?.items ?? []).map(({ name }) => name);
  const faultOf = (field: string) => faults.find((fault) => fault.field === field);
  const set = (name: string) => (value: unknown) => {
    setChanges(withChange(changes, base, name, value));
    setDone('');
  };

  // A closed tab takes what is not saved along: the browser asks first.
  useEffect(() => {
    if (count === 0) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [count]);

  const settle = (what: string) => {
    setDone(what);
    setFaults([]);
    setProblem(undefined);
    setGeneration(generation + 1);
    status.current?.focus();
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setDone('');
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
      const saved = await http.putTagged<QueueSettings>(path, shown, queue.etag);
      setChanges({});
      onChanged(saved);
      settle(words.saved);
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
      const kept: Changes = keep
        ? Object.entries(changes).reduce<Changes>(
            (all, [name, value]) => withChange(all, newest.data, name, value),
            {},
          )
        : {};
      setChanges(kept);
      const news = theirs.length === 0 ? words.loaded : words.loadedWith(theirs.join(', '));
      settle(Object.keys(kept).length > 0 ? `${news} ${words.mineKept}` : news);
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
      setProblem(Problem.of(error));
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
      <p className="notice notice-good" role="status" tabIndex={-1} ref={status} hidden={done === ''}>
        {done}
      </p>
      {base.warnings && base.warnings.length > 0 && (
        <div className="notice">
          <p className="notice-title">{words.warnings}</p>
          {base.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </div>
      )}
      {problem?.status === 412 ? (
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
        problem && <ProblemNotice problem={problem} />
      )}
      {faults.length > 0 && <Refused faults={faults} />}

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

      <div className="save-bar">
        <button type="submit" className="button button-primary" disabled={busy}>
          {words.save}
        </button>
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => {
            setChanges({});
            settle('');
          }}
        >
          {words.discard}
        </button>
        <span className="muted" role="status">
          {words.changes(count)}
        </span>
      </div>
    </form>
  );
}
