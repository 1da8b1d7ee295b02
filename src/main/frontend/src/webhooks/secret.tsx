import { useEffect, useRef } from 'react';
import { useI18n } from '../i18n';
import { dateAndTime } from '../lib/format';
import { Link } from '../lib/router';
import { CopyButton } from '../ui/copy';
import type { Webhook } from './model';

/** The secret of a webhook, in the only moment it is told. */
export function Secret({
  of,
  title,
  link,
  onKept,
}: {
  of: Webhook;
  title: string;
  link?: boolean;
  onKept: () => void;
}) {
  const { t, language } = useI18n();
  const heading = useRef<HTMLHeadingElement>(null);
  const secret = of.secret ?? '';

  useEffect(() => heading.current?.focus(), [secret]);

  return (
    <section className="notice notice-good" aria-labelledby="secret">
      <h2 id="secret" ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p>{t.webhooks.secretOnce}</p>
      {of.old_secret_until && <p>{t.webhooks.oldSecret(dateAndTime(of.old_secret_until, language))}</p>}
      <p className="row">
        <code className="secret">{secret}</code>
        <CopyButton key={secret} text={secret} />
      </p>
      <p className="row">
        <button type="button" className="button button-small" onClick={onKept}>
          {t.webhooks.secretKept}
        </button>
        {link && <Link href={`/webhooks/${of.id}`}>{t.webhooks.tryIt}</Link>}
      </p>
    </section>
  );
}
