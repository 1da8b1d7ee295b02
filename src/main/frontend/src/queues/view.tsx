import { useI18n } from '../i18n';
import { useResource } from '../lib/resource';
import { GroupPanel } from './panel';
import type { Agent } from './rings';
import { GROUP_NAMES, settingsOf, unknownIn, type QueueSettings, type Ring, type Tier } from './settings';
import { useLength, useSettingWords } from './words';

/** Settings of a newer server than this page. */
export function Further({ settings }: { settings: QueueSettings }) {
  const { t } = useI18n();
  const further = unknownIn(settings);
  if (further.length === 0) return null;
  return (
    <section className="panel setting-group" aria-labelledby="further">
      <div>
        <h2 id="further">{t.queues.form.further}</h2>
        <p className="muted">{t.queues.form.furtherText}</p>
      </div>
      <dl className="setting-values">
        {further.map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The settings of a queue for those who may not change them. */
export function SettingsView({ settings }: { settings: QueueSettings }) {
  const { t } = useI18n();
  const said = useSettingWords();
  const length = useLength();
  const rings = (settings['rings'] as Ring[] | undefined) ?? [];
  const tiers = (settings['tiers'] as Tier[] | undefined) ?? [];
  const agents = useResource<{ items: Agent[] }>(tiers.length > 0 ? '/v1/agents?limit=200' : null);

  const ringSaid = (ring: Ring) =>
    [
      said('required_tags', ring.required_tags),
      ring.match === 'any' && said('match', ring.match),
      ring.expression,
    ]
      .filter(Boolean)
      .join(' · ');
  const row = (name: string, value: unknown) => (
    <div key={name}>
      <dt>{t.queues.settings[name]?.[0] ?? name}</dt>
      <dd>{name === 'expression' && value ? <code>{String(value)}</code> : said(name, value)}</dd>
    </div>
  );
  return (
    <div className="settings-groups">
      <p className="muted">{t.queues.form.readOnly}</p>
      <GroupPanel group="agents">
        <dl className="setting-values">
          {['required_tags', 'match', 'expression'].map((name) => row(name, settings[name]))}
          {rings.map((ring, n) => (
            <div key={n}>
              <dt>
                {t.queues.form.ring(n + 1)}: {t.queues.form.after} {length(ring.after_seconds ?? 0)}
              </dt>
              <dd>{ringSaid(ring)}</dd>
            </div>
          ))}
        </dl>
      </GroupPanel>
      {GROUP_NAMES.map((group) => (
        <GroupPanel key={group} group={group}>
          <dl className="setting-values">
            {settingsOf(group).map(([name]) => row(name, settings[name]))}
            {group === 'order' &&
              tiers.map((tier) => (
                <div key={tier.agent_id}>
                  <dt>
                    {t.queues.form.tier} {tier.tier}
                  </dt>
                  <dd>{agents.data?.items.find(({ id }) => id === tier.agent_id)?.name ?? tier.agent_id}</dd>
                </div>
              ))}
          </dl>
        </GroupPanel>
      ))}
      <Further settings={settings} />
    </div>
  );
}
