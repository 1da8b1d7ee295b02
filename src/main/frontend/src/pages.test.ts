import { describe, expect, it } from 'vitest';
import docs from '../../../../docs/webhooks.md?raw';
import { pickLanguage } from './i18n';
import { compact, transcript, validNumber, withChance, type LogEntry } from './phone/carrier';
import { duration, offset, phone, words } from './lib/format';
import { cookie } from './lib/http';
import { Problem } from './lib/problem';
import { safeNext } from './lib/router';
import { backOff, EventParser } from './lib/sse';
import { replacedUnseen } from './pages/models';
import { EVENT_TYPES, namesIn, nextLook, type Delivery } from './webhooks/model';

describe('the stream of events', () => {
  it('is taken apart the same way whatever pieces it arrives in', () => {
    const stream = ':hello\n\nid: 7\nevent: heard\ndata: {"a":1}\n\ndata: one\r\ndata: two\r\n\r\n';
    const whole = new EventParser().push(stream);
    const parser = new EventParser();
    const bytewise = [...stream].flatMap((piece) => parser.push(piece));

    expect(whole).toEqual([
      { id: '7', event: 'heard', data: '{"a":1}' },
      { id: '7', event: 'message', data: 'one\ntwo' },
    ]);
    expect(bytewise).toEqual(whole);
  });

  it('is taken up again later and later, but never later than ten seconds', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 20].map((attempt) => backOff(attempt, () => 1));
    expect(longest).toEqual([0, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });
});

describe('after logging in', () => {
  it('one goes back to where one came from', () => {
    expect(safeNext('/calls/7?show=open')).toBe('/calls/7?show=open');
  });

  it.each([
    null,
    '',
    'https://elsewhere.example',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/x.example',
  ])('one never leaves this server (%s)', (next) => {
    expect(safeNext(next)).toBe('/');
  });
});

describe('a refusal of the server', () => {
  it('is read from problem details', async () => {
    const response = new Response(
      JSON.stringify({ title: 'No such call', detail: 'There is no call 7.', remedy: 'Look in the list.' }),
      { status: 404, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '30' } },
    );
    const problem = await Problem.from(response);
    expect(problem).toMatchObject({
      status: 404,
      title: 'No such call',
      detail: 'There is no call 7.',
      remedy: 'Look in the list.',
      retryAfter: 30,
    });
  });

  it('has a title even when the body is not ours', async () => {
    const problem = await Problem.from(new Response('<html>', { status: 502 }));
    expect(problem.title).toBe('HTTP 502');
  });

  it('is told from silence', () => {
    expect(Problem.of(new TypeError('Failed to fetch')).unreachable).toBe(true);
  });
});

describe('words and numbers', () => {
  it('reads well', () => {
    expect(phone('+15550100001')).toBe('+1 555 010 0001');
    expect(phone('sip:charles@example.com')).toBe('sip:charles@example.com');
    expect(duration(61_500)).toBe('1:01');
    expect(duration(3_723_000)).toBe('1:02:03');
    expect(offset(3_249)).toBe('+0:03.2');
    expect(words('caller_hung_up')).toBe('caller hung up');
    expect(words('callerHungUp')).toBe('caller hung up');
  });

  it('speaks the first language of the browser that it knows, unless another was chosen', () => {
    expect(pickLanguage(null, ['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(pickLanguage('en', ['de'])).toBe('en');
    expect(pickLanguage('xx', [])).toBe('en');
  });

  it('finds one cookie among many', () => {
    expect(cookie('XSRF-TOKEN', 'a=b; XSRF-TOKEN=x%3Dy; c=d')).toBe('x=y');
    expect(cookie('XSRF', 'XSRF-TOKEN=1')).toBeUndefined();
  });
});

describe('the test phone', () => {
  const input = (at: string, detail: Record<string, unknown>): LogEntry => ({
    sequence: 1,
    at,
    what: 'input',
    detail,
  });

  it('shows what is heard and done in order, repetitions as one', () => {
    const lines = transcript(
      [
        { at: '2026-01-01T10:00:00Z', kind: 'say', text: 'Press 1' },
        { at: '2026-01-01T10:00:05Z', kind: 'music', text: 'hold music' },
        { at: '2026-01-01T10:00:09Z', kind: 'music', text: 'hold music' },
      ],
      [input('2026-01-01T10:00:02Z', { does: 'presses', digits: '1', noticed: 1 })],
    );
    expect(lines.map(({ kind, by, count }) => `${by} ${kind} ${count}`)).toEqual([
      'carrier say 1',
      'you pressed 1',
      'carrier music 2',
    ]);
  });

  it('dials numbers as people write them', () => {
    expect(compact('+1 (555) 010-0001')).toBe('+15550100001');
    expect(validNumber('+1 555 010 0001')).toBe(true);
    expect(validNumber('555 0100')).toBe(false);
  });

  it('changes one fault and leaves the others alone', () => {
    const other = { on: 'rest:calls.create', fault: 'lost-reply', next: 1 };
    const on = withChance([other], { on: 'webhook', fault: 'duplicate', copies: 2 }, 0.5);
    expect(on).toEqual([other, { on: 'webhook', fault: 'duplicate', copies: 2, probability: 0.5 }]);
    expect(withChance(on, { on: 'webhook', fault: 'duplicate' }, 0)).toEqual([other]);
  });
});

describe('webhooks', () => {
  const now = Date.parse('2026-01-01T10:00:00Z');
  const delivery = (state: Delivery['state'], next?: string) =>
    ({ id: state, state, next_attempt_at: next }) as Delivery;

  it.each(EVENT_TYPES)('offer %s, which is documented', (type) => {
    expect(docs).toContain(`\`${type}\``);
  });

  it('take names however they are written down', () => {
    expect(namesIn(' call_ended, call_noted;agent_repaired\ncall_started ')).toEqual([
      'call_ended',
      'call_noted',
      'agent_repaired',
      'call_started',
    ]);
    expect(namesIn(' , ')).toEqual([]);
  });

  it('are looked at again when an attempt is due, neither in haste nor late', () => {
    const done = [delivery('delivered'), delivery('failed')];
    expect(nextLook(done, now)).toBeUndefined();
    expect(nextLook([...done, delivery('pending', '2026-01-01T10:00:05Z')], now)).toBe(5500);
    expect(nextLook([delivery('pending', '2026-01-01T09:59:00Z')], now)).toBe(1000);
    expect(nextLook([delivery('pending', '2026-01-01T11:00:00Z')], now)).toBe(30_000);
    const two = [delivery('pending', '2026-01-01T11:00:00Z'), delivery('pending', '2026-01-01T10:00:02Z')];
    expect(nextLook(two, now)).toBe(2500);
  });
});

describe('publishing a draft', () => {
  const draft = {
    id: 'd',
    name: 'menu',
    models: [{ kind: 'process', key: 'ivr' }],
    by: 'Ada',
    agent_id: 'ada',
    at: '2026-11-20T09:00:00Z',
  };
  const live = (kind: string, key: string, since: string) => ({ kind, key, version: 7, since });

  it('asks before it replaces what was published after the draft was made', () => {
    const newer = live('process', 'ivr', '2026-11-20T09:00:01Z');
    expect(replacedUnseen(draft, [newer, live('form', 'ivr', '2026-11-21T09:00:00Z')])).toEqual([newer]);
    expect(replacedUnseen(draft, [live('process', 'ivr', '2026-11-20T08:59:59Z')])).toEqual([]);
  });
});
