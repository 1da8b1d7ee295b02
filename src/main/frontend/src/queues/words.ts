import { useI18n } from '../i18n';
import { RANGES, unitOf } from './settings';

/** Says a length of time in the unit in which it is a whole number: 5 minutes. */
export function useLength(): (seconds: number) => string {
  const { t, language } = useI18n();
  return (seconds) => {
    const unit = unitOf(seconds);
    return t.queues.form.lengths[unit]((seconds / unit).toLocaleString(language));
  };
}

/** Says the value of a setting as a person would. */
export function useSettingWords(): (name: string, value: unknown) => string {
  const { t } = useI18n();
  const length = useLength();
  const { yes, no, none } = t.queues.form;
  return (name, value) => {
    if (value === undefined || value === null || value === '') return none;
    const range = RANGES.get(name);
    const word = (choice: unknown) =>
      t.queues.choices[name]?.[String(choice)] ??
      (range ? (t.status as Record<string, string>)[String(choice)] : undefined) ??
      String(choice);
    if (Array.isArray(value)) return value.length === 0 ? none : value.map(word).join(', ');
    if (range?.kind === 'seconds' && typeof value === 'number') return length(value);
    if (typeof value === 'boolean') return value ? yes : no;
    return typeof value === 'object' ? JSON.stringify(value) : word(value);
  };
}
