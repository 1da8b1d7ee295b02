import { useRef, useState, type FormEvent } from 'react';
import { useI18n } from '../i18n';
import { http } from '../lib/http';
import { Problem, type FieldProblem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { ProblemNotice } from '../ui/notice';
import { idOf, TagsField, TextField } from './fields';
import type { QueueSettings } from './settings';

/** Asks for what a queue cannot do without; everything else has its usual value and is set on its page. */
export function NewQueue({ onMade, onCancel }: { onMade: (id: string) => void; onCancel: () => void }) {
  const { t } = useI18n();
  const tags = useResource<{ items: { name: string }[] }>('/v1/tags?limit=200');
  const [name, setName] = useState<string>();
  const [chosen, setChosen] = useState<string[]>();
  const [faults, setFaults] = useState<readonly FieldProblem[]>([]);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const faultOf = (field: string) => faults.find((fault) => fault.field === field);
  const texts = t.queues.settings;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFaults([]);
    setProblem(undefined);
    try {
      const made = await http.post<QueueSettings>('/v1/queues', {
        name: name ?? '',
        required_tags: chosen ?? [],
      });
      onMade(made.id);
    } catch (error) {
      const refusal = Problem.of(error);
      setFaults(refusal.fields);
      if (refusal.fields.length === 0) setProblem(refusal);
      const first = refusal.fields[0]?.field ?? 'name';
      form.current?.querySelector<HTMLElement>(`#${idOf(first)}`)?.focus();
      setBusy(false);
    }
  };

  return (
    <form
      ref={form}
      className="panel new-queue"
      aria-labelledby="new-queue"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      noValidate
    >
      <h2 id="new-queue">{t.queues.add}</h2>
      {problem && <ProblemNotice problem={problem} />}
      <TextField
        field="name"
        label={texts['name']![0]}
        help={texts['name']![1]}
        fault={faultOf('name')}
        value={name}
        onChange={setName}
        autoFocus
      />
      <TagsField
        field="required_tags"
        label={texts['required_tags']![0]}
        help={texts['required_tags']![1]}
        fault={faultOf('required_tags')}
        tags={(tags.data?.items ?? []).map((tag) => tag.name)}
        value={chosen}
        onChange={setChosen}
      />
      <div className="row">
        <button type="submit" className="button button-primary" disabled={busy}>
          {t.queues.addAction}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {t.cancel}
        </button>
      </div>
    </form>
  );
}
