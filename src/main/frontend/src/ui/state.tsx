import { useI18n } from '../i18n';
import { words } from '../lib/format';

/** What a call is doing, as a coloured word. */
export function CallStateBadge({ state }: { state: string }) {
  const { t } = useI18n();
  return (
    <span className="badge" data-state={state}>
      {t.state[state] ?? words(state)}
    </span>
  );
}
