import { useI18n } from '../i18n';
import { stateOf, type Webhook } from './model';

/** Whether a webhook works, as a coloured word. */
export function WebhookBadge({ webhook }: { webhook: Webhook }) {
  const { t } = useI18n();
  const state = stateOf(webhook);
  return (
    <span className="badge" data-state={state}>
      {t.webhooks.state[state]}
    </span>
  );
}

/** What a webhook is told. */
export function EventTypes({ of }: { of: Webhook }) {
  const { t } = useI18n();
  if (of.event_types.length === 0) return <>{t.webhooks.all}</>;
  return (
    <ul className="event-types">
      {of.event_types.map((type) => (
        <li key={type}>
          <code>{type}</code>
        </li>
      ))}
    </ul>
  );
}
