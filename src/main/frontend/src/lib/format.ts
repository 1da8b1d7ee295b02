/** A phone number as people read it; what is not a plain number (SIP, extension) stays as it is. */
export function phone(number: string | null | undefined): string {
  if (!number) return '–';
  const northAmerican = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (northAmerican) return `+1 ${northAmerican[1]} ${northAmerican[2]} ${northAmerican[3]}`;
  const german = /^\+49(\d{2,3})(\d{4,})$/.exec(number);
  if (german) return `+49 ${german[1]} ${german[2]}`;
  return number;
}

/** A length of time as on a stopwatch: 0:07, 12:45, 1:02:03. */
export function duration(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** How long after the start something was, to the tenth of a second: +0:03.2 */
export function offset(milliseconds: number): string {
  const tenths = Math.max(0, Math.round(milliseconds / 100));
  return `+${duration(Math.floor(tenths / 10) * 1000)}.${tenths % 10}`;
}

export function time(at: string | Date, language: string): string {
  return new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

export function dateAndTime(at: string | Date, language: string): string {
  return new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Today only the time, else the day as well. */
export function moment(at: string | Date, language: string, now: Date = new Date()): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return time(date, language);
  const day = date.toLocaleDateString(language, { day: '2-digit', month: 'short' });
  return `${day}, ${date.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' })}`;
}

/** A word of the API or a model as a person would write it: `follow_up` and `followUp` become "follow up". */
export function words(of: string | null | undefined): string {
  return (of ?? '')
    .replace(/([a-z\d])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replace(/[_-]+/g, ' ')
    .trim();
}
