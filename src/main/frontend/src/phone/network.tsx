import { useI18n } from '../i18n';
import { FAULTS, chanceOf, withChance, type Faults } from './carrier';

const CHANCES = [0, 0.1, 0.25, 0.5, 1];
const SPEEDS = ['1', '2', '5', '20'];

/** The knobs of the network: how fast its time runs, and what goes wrong in it. */
export function Network({
  speed,
  faults,
  onSpeed,
  onFaults,
}: {
  speed: string | undefined;
  faults: Faults | undefined;
  onSpeed: (speed: string) => void;
  onFaults: (faults: Faults) => void;
}) {
  const { t } = useI18n();
  const rules = faults?.rules ?? [];
  const speeds = speed === undefined || SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed];
  return (
    <details className="panel network">
      <summary>
        <span>{t.phone.faults}</span>
        <span className="muted">{rules.length > 0 ? t.phone.faultsSome(rules.length) : t.phone.off}</span>
      </summary>
      {speed !== undefined && (
        <div className="field">
          <label htmlFor="speed">{t.phone.speed}</label>
          <select
            id="speed"
            value={speed}
            aria-describedby="speed-hint"
            onChange={(event) => onSpeed(event.target.value)}
          >
            {speeds.map((each) => (
              <option key={each} value={each}>
                {each === '1' ? t.phone.realTime : Number(each) ? t.phone.times(Number(each)) : each}
              </option>
            ))}
          </select>
          <p className="hint" id="speed-hint">
            {t.phone.speedText}
          </p>
        </div>
      )}
      <p className="muted">{t.phone.faultsLead}</p>
      <ul className="knobs">
        {FAULTS.map((fault) => {
          const chance = chanceOf(rules, fault);
          const chances = CHANCES.includes(chance) ? CHANCES : [...CHANCES, chance];
          return (
            <li key={fault.fault} data-on={chance > 0}>
              <label htmlFor={`fault-${fault.fault}`}>{t.phone.fault[fault.fault]}</label>
              <select
                id={`fault-${fault.fault}`}
                value={chance}
                onChange={(event) =>
                  onFaults({
                    seed: faults?.seed ?? 1,
                    rules: withChance(rules, fault, Number(event.target.value)),
                  })
                }
              >
                {chances.map((each) => (
                  <option key={each} value={each}>
                    {each === 0 ? t.phone.off : t.phone.chance(each * 100)}
                  </option>
                ))}
              </select>
            </li>
          );
        })}
      </ul>
      {rules.length > 0 ? (
        <button
          type="button"
          className="button"
          onClick={() => onFaults({ seed: faults?.seed ?? 1, rules: [] })}
        >
          {t.phone.faultsClear}
        </button>
      ) : (
        <p className="muted">{t.phone.faultsNone}</p>
      )}
    </details>
  );
}
