import { useState } from 'react';
import { useI18n } from '../i18n';
import { http } from '../lib/http';
import { useLive } from '../lib/live';
import { Problem } from '../lib/problem';
import { useResource } from '../lib/resource';

const CHOICES = ['available', 'away', 'offline'] as const;

interface Agent {
  status: string;
  chosen_status: string;
}

/** What an agent is doing, and what they want to do: offers only come while they are available. */
export function StatusSwitch({ agent }: { agent: string }) {
  const { t } = useI18n();
  const path = `/v1/agents/${agent}`;
  const { data, reload } = useResource<Agent>(path);
  const [refusal, setRefusal] = useState<string>();
  useLive('/v1/events', { event: reload, open: reload });
  if (!data) return null;

  const choose = (status: string) => {
    setRefusal(undefined);
    http
      .put(`${path}/status`, { status })
      .catch((error: unknown) => setRefusal(Problem.of(error).title))
      .finally(reload);
  };
  const engaged = data.status !== data.chosen_status;

  return (
    <label className="status" data-status={data.status}>
      <span className="lamp" aria-hidden="true" />
      <span className="sr-only">{t.status.label}</span>
      <select value={data.chosen_status} onChange={(event) => choose(event.target.value)}>
        {CHOICES.map((choice) => (
          <option key={choice} value={choice}>
            {t.status[choice]}
          </option>
        ))}
      </select>
      <span role="status">
        {engaged && (data.status === 'ringing' ? t.status.ringing : t.status.busy)} {refusal}
      </span>
    </label>
  );
}
