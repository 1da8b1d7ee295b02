import { useEffect, useRef, type ReactNode } from 'react';
import { useI18n } from '../i18n';
import type { Messages } from '../i18n/en';
import { offset } from '../lib/format';
import { Empty } from '../ui/notice';
import type { Leg, Line } from './carrier';

function label(line: Line, t: Messages): string {
  const known: Record<string, string> = t.phone.heard;
  return known[line.kind] ?? t.phone.heard.other;
}

/** Everything the caller hears and does, as it happens; the newest at the end and in view. */
export function Transcript({
  leg,
  lines,
  link,
}: {
  leg: Leg | undefined;
  lines: readonly Line[];
  link: ReactNode;
}) {
  const { t } = useI18n();
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);

  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.length]);

  return (
    <section className="panel transcript" aria-labelledby="transcript">
      <div className="panel-head">
        <h2 id="transcript">{t.phone.transcript}</h2>
        {link}
      </div>
      {leg === undefined || lines.length === 0 ? (
        <Empty title={t.phone.transcriptEmpty} />
      ) : (
        <div
          role="log"
          aria-labelledby="transcript"
          className="scroll"
          ref={box}
          tabIndex={0}
          onScroll={(event) => {
            const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
            atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
          }}
        >
          <ol>
            {lines.map((line) => (
              <li key={`${line.at}${line.kind}${line.text}`} data-kind={line.kind} data-by={line.by}>
                <time dateTime={line.at}>{offset(Date.parse(line.at) - Date.parse(leg.created))}</time>
                <span className="heard">
                  <span className="heard-kind">{label(line, t)}</span>{' '}
                  {line.kind !== 'music' && <span className="heard-text">{line.text}</span>}
                  {line.count > 1 && <span className="heard-count"> × {line.count}</span>}
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}
