import { describe, expect, it } from 'vitest';
import docs from '../../../../docs/queues.md?raw';
import { de } from './i18n/de';
import { en } from './i18n/en';
import { Problem } from './lib/problem';
import { concerns, goingOn, historyQuery, intervalName, markedAt, thresholdsIn, topOf } from './queues/model';
import {
  bodyOf,
  changedBetween,
  numberIn,
  RANGES,
  unitOf,
  unknownIn,
  unreadable,
  withChange,
  type Range,
} from './queues/settings';
import { isOverdue, isWorkOf, nextLook, tasksOf, type Message } from './voicemails/model';

/** The table of docs/queues.md, which a test of the server holds against its own settings. */
const TABLE = [...docs.matchAll(/^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|/gm)]
  .filter(
    ({ index }) => index > docs.indexOf('<!-- settings -->') && index < docs.indexOf('<!-- end of settings'),
  )
  .map(([, name, usual, mayBe]) => ({ name: name!, usual: usual!, mayBe: mayBe! }));

function asDocumented(range: Range): { usual: string; mayBe: string } {
  const code = (value: unknown) => `\`${String(value)}\``;
  switch (range.kind) {
    case 'seconds':
    case 'whole':
      return { usual: code(range.usual), mayBe: `${range.min} to ${range.max}` };
    case 'truth':
      return { usual: code(range.usual), mayBe: '`true`, `false`' };
    case 'choice':
      return { usual: code(range.usual), mayBe: range.choices.map(code).join(', ') };
    case 'choices':
      return { usual: 'none', mayBe: `any of ${range.choices.map(code).join(', ')}` };
    case 'words':
      return { usual: 'none', mayBe: `at most ${range.most} of ${code(range.pattern)}` };
    case 'text':
      return {
        usual: range.usual === undefined ? 'none' : code(range.usual),
        mayBe: `at most ${range.most} characters`,
      };
  }
}

describe('the settings of a queue', () => {
  const base = { id: '7', name: 'support', required_tags: ['support'], wrap_up_timeout_seconds: 60 };

  it('are all on the page: a new one of the server has a place in src/queues/settings.ts and words in src/i18n', () => {
    expect(TABLE.length).toBeGreaterThan(20);
    expect([...RANGES.keys()].sort()).toEqual(TABLE.map(({ name }) => name).sort());
  });

  it.each(TABLE)('have the range of the server: $name', ({ name, ...documented }) => {
    expect(asDocumented(RANGES.get(name)!)).toEqual(documented);
    for (const { queues, status } of [en, de]) {
      expect(queues.settings[name]?.every((text) => text.length > 0)).toBe(true);
      const range = RANGES.get(name)!;
      const choices = 'choices' in range ? range.choices : [];
      const words: Record<string, string> = { ...status, ...queues.choices[name] };
      expect(choices.filter((choice) => !words[choice])).toEqual([]);
    }
  });

  it('that nobody knows here are kept as they are', () => {
    const newer = { ...base, a_setting_of_tomorrow: { url: 'https://example.com' } };
    expect(bodyOf(newer, { name: 'help' })).toEqual({ ...newer, name: 'help' });
    expect(unknownIn(newer)).toEqual([['a_setting_of_tomorrow', { url: 'https://example.com' }]]);
  });

  it('are changed only where they differ', () => {
    const one = withChange({}, base, 'wrap_up_timeout_seconds', 90);
    expect(one).toEqual({ wrap_up_timeout_seconds: 90 });
    expect(withChange(one, base, 'wrap_up_timeout_seconds', 60)).toEqual({});
    expect(withChange({}, base, 'leave_when', [])).toEqual({});
    expect(withChange({}, base, 'expression', '')).toEqual({});
    expect(changedBetween(base, { ...base, name: 'help', rings: [{ after_seconds: 3 }] })).toEqual([
      'name',
      'rings',
    ]);
  });

  it('are numbers as people write them, in a unit that reads well', () => {
    expect([' 1,5 ', '20', '', '5 min', '-1'].map(numberIn)).toEqual([
      1.5,
      20,
      undefined,
      Number.NaN,
      Number.NaN,
    ]);
    expect([90, 60, 7200, 2_592_000, 0.5, 0, undefined].map(unitOf)).toEqual([1, 60, 3600, 86_400, 1, 1, 1]);
    const rings = [{ after_seconds: 3 }, { after_seconds: Number.NaN }];
    expect(unreadable({ rings, maximum_size: Number.NaN, name: undefined })).toEqual([
      'rings[1].after_seconds',
      'maximum_size',
    ]);
  });

  it('that are refused say where', async () => {
    const place = { index: 10, line: 1, column: 11 };
    const fields = [{ field: 'expression', problem: 'Found HASS', remedy: 'Correct it.', place }];
    const response = new Response(
      JSON.stringify({ title: 'Unfit', fields: [...fields, 'odd', { field: 'x' }] }),
      {
        status: 422,
        headers: { 'Content-Type': 'application/problem+json' },
      },
    );
    expect((await Problem.from(response)).fields).toEqual(fields);
    expect(markedAt('languages HASS "en"', 10)).toEqual(['languages ', 'HASS', ' "en"']);
    expect(markedAt('level > ', 8)).toEqual(['level >', ' ', '']);
    expect(markedAt('a => 3', 2)).toEqual(['a ', '=>', ' 3']);
    expect(markedAt('', 0)).toEqual(['', '', '']);
  });
});

describe('the figures of a queue', () => {
  it('are asked for by days of 24 hours that end with today', () => {
    const now = new Date(2026, 2, 29, 15, 0);
    const query = new URLSearchParams(historyQuery('week', '10,20', now));
    const from = new Date(query.get('from')!);
    expect(new Date(2026, 2, 29).getTime() - from.getTime()).toBe(6 * 86_400_000);
    expect(query.get('interval')).toBe('P1D');
    expect(query.get('thresholds')).toBe('10,20');
    expect(intervalName(from.toISOString(), 'week', 'en-GB')).toBe('23 Mar');
    expect(intervalName(new Date(2026, 2, 29, 9).toISOString(), 'today', 'de')).toBe('09:00');
  });

  it('are split by the times that somebody writes down', () => {
    expect(thresholdsIn(' 10, 20;060 ')).toBe('10,20,60');
    expect(['', 'a', '10,-1', '3601', '1 2 3 4 5 6 7 8 9 10 11'].map(thresholdsIn)).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('have a scale that can be halved', () => {
    expect([0, 1, 3, 5, 11, 41, 100, 101].map(topOf)).toEqual([2, 2, 4, 10, 20, 100, 100, 200]);
  });

  it('are read again when something happens that may concern them', () => {
    const event = (name: string, data: string) => ({ id: undefined, event: name, data });
    expect(concerns('q-1', event('reservation.created', '{}'))).toBe(true);
    expect(concerns('q-1', event('queue.statistics', '{"queues":[{"queue_id":"q-1"}]}'))).toBe(true);
    expect(concerns('q-1', event('queue.statistics', '{"queues":[{"queue_id":"q-2"}]}'))).toBe(false);
  });

  it('go on while somebody waits', () => {
    expect(goingOn(30, 1000, 3500)).toBe(32_500);
    expect(goingOn(0, 1000, 3500)).toBe(0);
  });
});

describe('a message', () => {
  const message = { state: 'new', due_at: '2026-11-28T10:00:00Z', agent_id: 'charles' } as Message;
  const user = (id: string, role: 'agent' | 'supervisor') => ({ id, username: id, name: id, role });

  it('is overdue when its time is over and it waits', () => {
    expect(isOverdue(message, Date.parse('2026-11-28T10:00:00Z'))).toBe(true);
    expect(isOverdue(message, Date.parse('2026-11-28T09:59:59Z'))).toBe(false);
    expect(isOverdue({ ...message, state: 'done' }, Date.parse('2026-11-29T10:00:00Z'))).toBe(false);
  });

  it('is looked at again while its recording or its text is on its way', () => {
    const left = { ...message, created_at: '2026-11-28T09:00:00Z' };
    const soon = Date.parse('2026-11-28T09:01:00Z');
    expect(nextLook([left], soon)).toBe(3000);
    expect(nextLook([{ ...left, recording_url: '/sound' }], soon)).toBe(3000);
    expect(nextLook([{ ...left, recording_url: '/sound', transcription: 'Hello' }], soon)).toBeUndefined();
    expect(nextLook([left], Date.parse('2026-11-28T09:05:00Z'))).toBeUndefined();
    expect(nextLook([{ ...left, state: 'done' }], soon)).toBeUndefined();
  });

  it('is the work of its agent, and of supervisors', () => {
    expect(isWorkOf(message, user('charles', 'agent'))).toBe(true);
    expect(isWorkOf(message, user('edith', 'agent'))).toBe(false);
    expect(isWorkOf(message, user('sam', 'supervisor'))).toBe(true);
    expect(tasksOf('c-1')).toContain(encodeURIComponent('"value":"c-1"'));
  });
});
