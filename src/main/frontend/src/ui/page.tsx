import { useEffect, useRef, type ReactNode } from 'react';
import { useI18n } from '../i18n';

let firstPage = true;

/**
 * The frame of one page: names the window after it, and after a move between pages puts the focus on its heading, so
 * that screen readers say where one is and the keyboard goes on from there.
 */
export function Page({
  title,
  lead,
  actions,
  before,
  wide,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Above the heading: the way back. */
  before?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const { t } = useI18n();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · ${t.app}`;
  }, [title, t]);

  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);

  return (
    <main id="content" className={wide ? 'page page-wide' : 'page'}>
      {before}
      <div className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </main>
  );
}
