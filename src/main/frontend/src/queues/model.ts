import { http } from '../lib/http';
import type { StreamEvent } from '../lib/sse';

/** Queues as `/v1/queues` tells them. Times are in seconds; what does not exist is left out. */
export interface QueueSummary {
  id: string;
  name: string;
  current_size: number;
  max_size: number;
  /** Of those who left in the last hour. */
  average_wait_time: number;
  longest_wait_time: number;
  agents_eligible: number;
  agents_available: number;
}

export interface QueueNow {
  agents_eligible: number;
  agents_available: number;
  /** How many agents are in each status. */
  activities: Record<string, number>;
  callers: {
    total: number;
    waiting: number;
    offered: number;
    to_be_called_back: number;
    talking: number;
    wrapping: number;
  };
  longest_wait_time: number;
  longest_total_wait_time: number;
  estimated_wait_time?: number | null;
}

export interface QueueCaller {
  place: number;
  call_id: string;
  from: string;
  priority: number;
  entered_at: string;
  waiting_since: string;
  /** Not on the line. */
  call_back: boolean;
  /** Names of the agents who are asked at this moment. */
  asked: string[];
}

interface Waits {
  min?: number | null;
  average?: number | null;
  max?: number | null;
}

export interface Figures {
  from: string;
  to: string;
  entered: number;
  refused: number;
  moved: number;
  waiting: number;
  left: Record<string, number>;
  wait_until_accepted: Waits;
  wait_until_abandoned: Waits;
  within: { seconds: number; answered: number; abandoned: number }[];
  service_level: Record<string, number | null>;
  service_level_reached?: boolean | null;
  offers: Record<string, number>;
  average_handle_time?: number | null;
  average_wrap_up_time?: number | null;
  estimated_wait: { count: number; mean_absolute_error?: number | null; bias?: number | null };
}

export interface History {
  from: string;
  to: string;
  service_level_within: number;
  service_level_target: number;
  service_level_formulas: Record<string, string>;
  total: Figures;
  intervals: Figures[];
}

export const answered = (of: Figures) => of.left['accepted'] ?? 0;
export const abandoned = (of: Figures) => of.left['abandoned'] ?? 0;
/** Who left neither with an agent nor by hanging up, refused ones included. */
export const leftOtherwise = (of: Figures) => of.entered - of.waiting - answered(of) - abandoned(of);

/** The live feed, with a message whenever figures of queues change. */
export const QUEUE_EVENTS = '/v1/events?include=queues';

/** Whether something may have changed about a queue: messages with figures name the queues they are about. */
export function concerns(queue: string, event: StreamEvent): boolean {
  return event.event !== 'queue.statistics' || event.data.includes(queue);
}

/** An answer with the moment in which it came, from which waiting times count on. */
export interface Stamped<T> {
  data: T;
  at: number;
}

export async function readStamped<T>(path: string, signal: AbortSignal): Promise<Stamped<T>> {
  return { data: await http.get<T>(path, signal), at: Date.now() };
}

/** A waiting time that goes on: what it was when it was told, and since. Nobody waits at 0. */
export function goingOn(seconds: number, told: number, now: number): number {
  return seconds <= 0 ? 0 : seconds * 1000 + Math.max(0, now - told);
}

export const RANGES_OF_TIME = ['today', 'week', 'month'] as const;
export type RangeOfTime = (typeof RANGES_OF_TIME)[number];

const DAYS: Record<RangeOfTime, number> = { today: 1, week: 7, month: 30 };
const DAY = 86_400_000;

export function midnight(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

/**
 * What to ask of the statistics. A day of theirs is always 24 hours long: they are counted back from today's beginning, so
 * that today is right also where clocks were changed meanwhile.
 */
export function historyQuery(range: RangeOfTime, thresholds: string, now: Date): string {
  const from = new Date(midnight(now).getTime() - (DAYS[range] - 1) * DAY);
  const query = new URLSearchParams({
    from: from.toISOString(),
    interval: range === 'today' ? 'PT1H' : 'P1D',
    thresholds,
  });
  return query.toString();
}

/** Today as one interval. */
export function todayQuery(now: Date): string {
  return new URLSearchParams({ from: midnight(now).toISOString(), interval: 'P1D' }).toString();
}

/** How an interval is called: by its hour, or its day. */
export function intervalName(from: string, range: RangeOfTime, language: string): string {
  const begin = new Date(from);
  return range === 'today'
    ? begin.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' })
    : new Date(begin.getTime() + DAY / 2).toLocaleDateString(language, { day: '2-digit', month: 'short' });
}

/** Times by which waits are split, as the statistics take them; undefined when they would not. */
export function thresholdsIn(text: string): string | undefined {
  const times = text.split(/[\s,;]+/).filter((time) => time !== '');
  const fit = times.every((time) => /^\d{1,4}$/.test(time) && Number(time) <= 3600);
  return fit && times.length > 0 && times.length <= 10 ? times.map(Number).join(',') : undefined;
}

/** The top of a scale for bars up to this height: a round number that can be halved. */
export function topOf(highest: number): number {
  for (let ten = 1; ; ten *= 10) {
    const top = [2, 4, 10].find((step) => step * ten >= highest);
    if (top !== undefined) return top * ten;
  }
}

/** Where in a text an index is, so that what is wrong there can be marked; at its end the last character is. */
export function markedAt(text: string, index: number): [before: string, marked: string, after: string] {
  if (text === '') return ['', '', ''];
  const at = Math.min(Math.max(index, 0), text.length - 1);
  const word = /^[\p{L}\p{N}_.]+|^[=!<>]+|^[^]/u.exec(text.slice(at))?.[0] ?? '';
  return [text.slice(0, at), word, text.slice(at + word.length)];
}
