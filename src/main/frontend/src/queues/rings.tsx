import { useRef, useState } from 'react';
import { useI18n } from '../i18n';
import type { FieldProblem } from '../lib/problem';
import { ChoiceField, ExpressionField, Field, idOf, NumberField, SecondsField, TagsField } from './fields';
import type { Ring, Tier } from './settings';

export interface Agent {
  id: string;
  name: string;
}

type Faults = (field: string) => FieldProblem | undefined;

/** The entries of a list that can be added to and taken from, each with a key of its own for what is written in it. */
function useEntries<T>(value: readonly T[], onChange: (value: T[]) => void) {
  const next = useRef(value.length);
  const [keys, setKeys] = useState(() => value.map((_, n) => n));
  return {
    keys,
    add: (entry: T) => {
      setKeys([...keys, next.current]);
      next.current += 1;
      onChange([...value, entry]);
    },
    remove: (n: number) => {
      setKeys(keys.filter((_, m) => m !== n));
      onChange(value.filter((_, m) => m !== n));
    },
    change: (n: number, entry: T) => onChange(value.map((each, m) => (m === n ? entry : each))),
  };
}

/** With whom a queue is content after a while. */
export function RingsField({
  value,
  tags,
  faults,
  onChange,
}: {
  value: readonly Ring[];
  tags: readonly string[];
  faults: Faults;
  onChange: (value: Ring[]) => void;
}) {
  const { t } = useI18n();
  const { keys, add, remove, change } = useEntries(value, onChange);
  const button = useRef<HTMLButtonElement>(null);
  const [label, help] = t.queues.settings['rings']!;
  const words = t.queues.form;
  return (
    <Field field="rings" label={label} help={help} fault={faults('rings')} group>
      {() => (
        <>
          {value.map((ring, n) => {
            const field = (name: string) => `rings[${n}].${name}`;
            const set = (what: Ring) => change(n, { ...ring, ...what });
            return (
              <fieldset key={keys[n]} className="ring">
                <legend>{words.ring(n + 1)}</legend>
                <SecondsField
                  field={field('after_seconds')}
                  label={words.after}
                  help={words.afterHelp}
                  fault={faults(field('after_seconds'))}
                  value={ring.after_seconds}
                  onChange={(after_seconds) => set({ after_seconds })}
                />
                <TagsField
                  field={field('required_tags')}
                  label={t.queues.settings['required_tags']![0]}
                  fault={faults(field('required_tags'))}
                  tags={tags}
                  value={ring.required_tags}
                  onChange={(required_tags) => set({ required_tags })}
                />
                <ChoiceField
                  field={field('match')}
                  label={t.queues.settings['match']![0]}
                  fault={faults(field('match'))}
                  choices={['all', 'any']}
                  words={(choice) => t.queues.choices['match']![choice]!}
                  value={ring.match}
                  onChange={(match) => set({ match })}
                />
                <ExpressionField
                  field={field('expression')}
                  label={t.queues.settings['expression']![0]}
                  fault={faults(field('expression'))}
                  value={ring.expression}
                  onChange={(expression) => set({ expression })}
                />
                <button
                  type="button"
                  className="button button-small"
                  aria-label={words.removeOf(words.ring(n + 1))}
                  onClick={() => {
                    remove(n);
                    button.current?.focus();
                  }}
                >
                  {words.remove}
                </button>
              </fieldset>
            );
          })}
          {value.length < 10 && (
            <p>
              <button
                type="button"
                ref={button}
                className="button button-small"
                onClick={() => add({ required_tags: [] })}
              >
                {words.addRing}
              </button>
            </p>
          )}
        </>
      )}
    </Field>
  );
}

/** Who is asked first, for the strategy that goes by it. */
export function TiersField({
  value,
  agents,
  faults,
  onChange,
}: {
  value: readonly Tier[];
  agents: readonly Agent[];
  faults: Faults;
  onChange: (value: Tier[]) => void;
}) {
  const { t } = useI18n();
  const { keys, add, remove, change } = useEntries(value, onChange);
  const button = useRef<HTMLButtonElement>(null);
  const [label, help] = t.queues.settings['tiers']!;
  const words = t.queues.form;
  const nameOf = (id: string) => agents.find((agent) => agent.id === id)?.name ?? id;
  const free = agents.filter(({ id }) => !value.some(({ agent_id }) => agent_id === id));
  return (
    <Field field="tiers" label={label} help={help} fault={faults('tiers')} group>
      {() => (
        <>
          {value.map((tier, n) => (
            <div key={keys[n]} className="tier" role="group" aria-label={nameOf(tier.agent_id)}>
              <ChoiceField
                field={`tiers[${n}].agent_id`}
                label={words.agent}
                fault={faults(`tiers[${n}].agent_id`)}
                choices={[tier.agent_id, ...free.map(({ id }) => id)]}
                words={nameOf}
                value={tier.agent_id}
                onChange={(agent_id) => change(n, { ...tier, agent_id: agent_id! })}
              />
              <NumberField
                field={`tiers[${n}].tier`}
                label={words.tier}
                fault={faults(`tiers[${n}].tier`)}
                value={tier.tier}
                onChange={(number) => change(n, { ...tier, tier: number })}
              />
              <button
                type="button"
                className="button button-small"
                aria-label={words.removeOf(nameOf(tier.agent_id))}
                onClick={() => {
                  remove(n);
                  button.current?.focus();
                }}
              >
                {words.remove}
              </button>
            </div>
          ))}
          <p>
            <button
              type="button"
              ref={button}
              id={idOf('tiers-add')}
              className="button button-small"
              aria-disabled={free.length === 0}
              onClick={() => free[0] && add({ agent_id: free[0].id, tier: 2 })}
            >
              {words.addTier}
            </button>
          </p>
        </>
      )}
    </Field>
  );
}
