/** One event of a server-sent stream. */
export interface StreamEvent {
  id: string | undefined;
  event: string;
  data: string;
}

/**
 * Takes a stream apart into events, whatever the pieces it arrives in. The browser's own EventSource delivers only
 * event names known beforehand and hides why a connection was refused; hence this one.
 */
export class EventParser {
  private rest = '';
  private id: string | undefined;
  private event = '';
  private data: string[] = [];

  push(piece: string): StreamEvent[] {
    const found: StreamEvent[] = [];
    this.rest += piece;
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.rest);
      if (!end) return found;
      const line = this.rest.slice(0, end.index);
      this.rest = this.rest.slice(end.index + end[0].length);
      if (line === '') {
        if (this.data.length > 0) {
          found.push({ id: this.id, event: this.event || 'message', data: this.data.join('\n') });
        }
        this.event = '';
        this.data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') this.data.push(value);
      else if (field === 'event') this.event = value;
      else if (field === 'id') this.id = value;
    }
  }
}

/** How long to wait before the n-th new attempt (from 0): at once, then longer and longer, never in step. */
export function backOff(attempt: number, random: () => number = Math.random): number {
  if (attempt === 0) return 0;
  const longest = Math.min(10_000, 500 * 2 ** (attempt - 1));
  return longest / 2 + (random() * longest) / 2;
}
