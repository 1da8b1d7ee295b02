import { useId } from 'react';
import { useI18n } from '../i18n';
import { abandoned, answered, intervalName, topOf, type Figures, type RangeOfTime } from './model';

const KINDS = ['answered', 'abandoned', 'others'] as const;

/** How many callers came when, as bars; the table below it has the same figures for those who do not see it. */
export function Chart({
  intervals,
  total,
  range,
}: {
  intervals: readonly Figures[];
  total: Figures;
  range: RangeOfTime;
}) {
  const { t, language } = useI18n();
  const id = useId();
  const words = t.queues.history;
  const top = topOf(Math.max(...intervals.map(({ entered }) => entered), 1));
  // As many names below the bars as fit a narrow window.
  const each = Math.max(1, Math.ceil(intervals.length / 6));
  return (
    <figure className="chart">
      <figcaption id={`${id}-title`}>{words.chart}</figcaption>
      <ul className="chart-legend">
        {KINDS.map((kind) => (
          <li key={kind} data-kind={kind}>
            {words[kind]}
          </li>
        ))}
      </ul>
      <div className="chart-area">
        <div className="chart-scale" aria-hidden="true">
          <span>{top.toLocaleString(language)}</span>
          <span>{(top / 2).toLocaleString(language)}</span>
          <span>0</span>
        </div>
        <svg
          viewBox={`0 0 ${intervals.length * 10} 100`}
          preserveAspectRatio="none"
          role="img"
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-text`}
        >
          <desc id={`${id}-text`}>{words.chartText(total.entered, answered(total), abandoned(total))}</desc>
          <path className="chart-line" d={`M0 50H${intervals.length * 10}M0 0.5H${intervals.length * 10}`} />
          {intervals.map((interval, n) => {
            const heights = [
              answered(interval),
              abandoned(interval),
              interval.entered - answered(interval) - abandoned(interval),
            ].map((count) => (100 * count) / top);
            let y = 100;
            return (
              <g key={interval.from}>
                <title>
                  {words.bar(
                    intervalName(interval.from, range, language),
                    interval.entered,
                    answered(interval),
                    abandoned(interval),
                  )}
                </title>
                {heights.map((height, kind) => {
                  y -= height;
                  return (
                    height > 0 && (
                      <rect
                        key={kind}
                        data-kind={KINDS[kind]}
                        x={n * 10 + 1.5}
                        y={y}
                        width={7}
                        height={height}
                      />
                    )
                  );
                })}
              </g>
            );
          })}
        </svg>
        <div className="chart-names" aria-hidden="true">
          {intervals.map(({ from }, n) => (
            <span key={from}>{n % each === 0 ? intervalName(from, range, language) : ''}</span>
          ))}
        </div>
      </div>
    </figure>
  );
}
