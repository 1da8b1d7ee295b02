/** The simulated carrier as its own API tells it (`/simulator/api`). */

export const SIMULATOR = '/simulator/api';

/** Something that the person on a leg heard. */
export interface Heard {
  at: string;
  kind: string;
  text: string;
}

/** A leg of a call as its person sees it. */
export interface Leg {
  sid: string;
  from: string;
  to: string;
  direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  status: string;
  where: string;
  listens: boolean;
  talkingWith: string[];
  parentSid?: string | null;
  created: string;
  answered?: string | null;
  ended?: string | null;
  heard: Heard[];
}

export interface PhoneSettings {
  behaviour: string;
  answerAfterMs: number;
  script?: string[];
}

/** One line of the carrier's log of what really happened. */
export interface LogEntry {
  sequence: number;
  at: string;
  call?: string;
  what: string;
  detail: Record<string, unknown>;
}

export interface FaultRule {
  on: string;
  fault: string;
  probability?: number;
  next?: number;
  milliseconds?: number;
  status?: number;
  copies?: number;
}

export interface Faults {
  seed: number;
  rules: FaultRule[];
}

export const BEHAVIOURS = [
  'answer',
  'manual',
  'busy',
  'no-answer',
  'silent',
  'reject',
  'failed',
  'machine',
  'hang-up',
] as const;

/** The faults that the page offers, with what each concerns and its size. */
export const FAULTS: readonly FaultRule[] = [
  { fault: 'latency', on: 'rest', milliseconds: 2000 },
  { fault: 'error', on: 'rest', status: 503 },
  { fault: 'lost-reply', on: 'rest' },
  { fault: 'cut', on: 'rest' },
  { fault: 'duplicate', on: 'webhook', copies: 2 },
  { fault: 'reorder', on: 'webhook' },
  { fault: 'delay', on: 'webhook', milliseconds: 3000 },
  { fault: 'lose', on: 'webhook' },
];

const ENDED = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

export function ended(leg: Leg): boolean {
  return ENDED.has(leg.status);
}

/** The number or address of the person on a leg. */
export function person(leg: Leg): string {
  return leg.direction === 'inbound' ? leg.from : leg.to;
}

export function validNumber(number: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(compact(number));
}

/** A number as it is dialled: people write spaces, hyphens and brackets. */
export function compact(number: string): string {
  return number.replace(/[\s().-]/g, '');
}

/** What stands in the transcript. `count` says how often the same thing was heard in a row. */
export interface Line {
  at: string;
  kind: string;
  text: string;
  by: 'carrier' | 'you';
  count: number;
}

/** Puts what was heard and what the caller did into one order; repetitions (hold music) become one line. */
export function transcript(heard: readonly Heard[], inputs: readonly LogEntry[]): Line[] {
  const lines: Line[] = [
    ...heard.map((each) => ({ ...each, by: 'carrier' as const, count: 1 })),
    ...inputs.map((each) => ({
      at: each.at,
      kind: each.detail['does'] === 'presses' ? 'pressed' : 'said',
      text: String(each.detail['digits'] ?? each.detail['text'] ?? ''),
      by: 'you' as const,
      count: 1,
    })),
  ];
  lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const merged: Line[] = [];
  for (const line of lines) {
    const last = merged.at(-1);
    if (
      last &&
      last.by === 'carrier' &&
      line.by === 'carrier' &&
      last.kind === line.kind &&
      last.text === line.text
    ) {
      last.count += 1;
    } else {
      merged.push(line);
    }
  }
  return merged;
}

/** The chance of one fault that the page offers; 0 when it is off. */
export function chanceOf(rules: readonly FaultRule[], fault: FaultRule): number {
  return rules.find((rule) => matches(rule, fault))?.probability ?? 0;
}

/** The rules with the chance of one fault changed. Rules made elsewhere stay as they are. */
export function withChance(rules: readonly FaultRule[], fault: FaultRule, probability: number): FaultRule[] {
  const others = rules.filter((rule) => !matches(rule, fault));
  return probability > 0 ? [...others, { ...fault, probability }] : others;
}

function matches(rule: FaultRule, fault: FaultRule): boolean {
  return rule.fault === fault.fault && rule.on === fault.on && rule.next === undefined;
}
