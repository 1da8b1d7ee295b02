import type { ReactNode } from 'react';
import { useI18n } from '../i18n';

/** One group of settings under its name. */
export function GroupPanel({ group, children }: { group: string; children: ReactNode }) {
  const { t } = useI18n();
  const [title, text] = t.queues.groups[group]!;
  return (
    <section className="panel setting-group" aria-labelledby={`group-${group}`}>
      <div>
        <h2 id={`group-${group}`}>{title}</h2>
        <p className="muted">{text}</p>
      </div>
      <div className="setting-fields">{children}</div>
    </section>
  );
}
