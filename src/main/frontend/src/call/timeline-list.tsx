import { useState } from 'react';
import { useI18n } from '../i18n';
import { duration, offset, time } from '../lib/format';
import { Empty } from '../ui/notice';
import { kindsIn, type Entry, type Kind } from './timeline';

/** The call as a list: what happened when, to be narrowed down by kind. */
export function TimelineList({
  entries,
  moment,
  selected,
  onSelect,
}: {
  entries: readonly Entry[];
  moment: number;
  selected: string | undefined;
  onSelect: (entry: Entry) => void;
}) {
  const { t, language } = useI18n();
  const [hidden, setHidden] = useState<ReadonlySet<Kind>>(new Set<Kind>(['event']));
  const start = entries[0] ? Date.parse(entries[0].at) : 0;

  const toggle = (kind: Kind) => {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    setHidden(next);
  };

  const body = (entry: Entry) => (
    <>
      <span className="entry-title">{entry.title}</span>
      {entry.until !== undefined && (
        <span className="entry-length">
          {entry.until === null
            ? t.call.entry.stepRunning
            : Date.parse(entry.until) - Date.parse(entry.at) >= 1000
              ? duration(Date.parse(entry.until) - Date.parse(entry.at))
              : ''}
        </span>
      )}
      {entry.detail && <span className="entry-detail">{entry.detail}</span>}
    </>
  );

  return (
    <section className="panel timeline" aria-labelledby="timeline">
      <div className="panel-head">
        <h2 id="timeline">{t.call.timeline}</h2>
      </div>
      <fieldset className="chips">
        <legend className="sr-only">{t.call.filter}</legend>
        {kindsIn(entries).map((kind) => (
          <label key={kind} className="chip" data-kind={kind}>
            <input type="checkbox" checked={!hidden.has(kind)} onChange={() => toggle(kind)} />
            {t.call.kinds[kind]}
          </label>
        ))}
      </fieldset>
      {entries.length === 0 ? (
        <Empty title={t.call.timelineEmpty} />
      ) : (
        <ol>
          {entries
            .filter((entry) => !hidden.has(entry.kind))
            .map((entry) => (
              <li
                key={entry.key}
                data-kind={entry.kind}
                data-minor={entry.minor}
                data-running={entry.until === null}
                data-later={Date.parse(entry.at) > moment}
                data-selected={selected !== undefined && entry.element === selected}
              >
                <time dateTime={entry.at} title={time(entry.at, language)}>
                  {offset(Date.parse(entry.at) - start)}
                </time>
                {entry.element ? (
                  <button
                    type="button"
                    className="entry"
                    aria-pressed={entry.element === selected}
                    onClick={() => onSelect(entry)}
                  >
                    {body(entry)}
                  </button>
                ) : (
                  <div className="entry">
                    {body(entry)}
                    {entry.audio?.startsWith('/') && (
                      <audio controls preload="none" src={entry.audio} aria-label={t.call.entry.listen} />
                    )}
                    {entry.audio && !entry.audio.startsWith('/') && (
                      <a href={entry.audio} target="_blank" rel="noopener noreferrer">
                        {t.call.entry.listen} <span className="sr-only">{t.newWindow}</span>
                      </a>
                    )}
                  </div>
                )}
              </li>
            ))}
        </ol>
      )}
    </section>
  );
}
