import { useEffect, useState } from 'react';
import { useI18n } from '../i18n';
import { offset } from '../lib/format';

/** However long a call was, its replay takes about this long. */
const REPLAY_MS = 12_000;

/** Runs through a call again: a slider over its length, and a button that moves it. */
export function Replay({
  start,
  end,
  moment,
  onMoment,
}: {
  start: number;
  end: number;
  /** null: the end, and following it while the call goes on. */
  moment: number | null;
  onMoment: (moment: number | null) => void;
}) {
  const { t } = useI18n();
  const [playing, setPlaying] = useState(false);

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    let at = moment ?? start;
    let before = performance.now();
    const speed = Math.max(1, (end - start) / REPLAY_MS);
    const step = (now: number) => {
      at += (now - before) * speed;
      before = now;
      if (at >= end) {
        setPlaying(false);
        onMoment(null);
      } else {
        onMoment(at);
        frame = requestAnimationFrame(step);
      }
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
    // The moment is what this moves: it is read once, when the replay begins.
  }, [playing, start, end]);

  if (end - start < 1000) return null;
  const shown = moment ?? end;
  return (
    <div className="replay">
      <button
        type="button"
        className="button button-small"
        onClick={() => {
          if (!playing && moment === null) onMoment(start);
          setPlaying(!playing);
        }}
      >
        {playing ? t.call.pause : t.call.replay}
      </button>
      <input
        type="range"
        aria-label={t.call.replayAt}
        aria-valuetext={offset(shown - start)}
        min={start}
        max={end}
        step={Math.max(1, Math.round((end - start) / 500))}
        value={shown}
        onChange={(event) => {
          setPlaying(false);
          const chosen = event.target.valueAsNumber;
          onMoment(chosen >= end ? null : chosen);
        }}
      />
      <output>{offset(shown - start)}</output>
      <button
        type="button"
        className="button button-small"
        disabled={moment === null}
        onClick={() => {
          setPlaying(false);
          onMoment(null);
        }}
      >
        {t.call.toNow}
      </button>
    </div>
  );
}
