import type { User } from '../lib/session';
import { maySupervise } from '../lib/session';

/** A message as `/v1/voicemails` tells it. */
export interface Message {
  id: string;
  call_id: string;
  from: string;
  to: string;
  queue?: string | null;
  priority: number;
  state: string;
  outcome?: string | null;
  agent?: string | null;
  agent_id?: string | null;
  length_seconds?: number | null;
  transcription?: string | null;
  recording_url?: string | null;
  created_at: string;
  due_at?: string | null;
  overdue_at?: string | null;
  done_at?: string | null;
  erased_at?: string | null;
  /** Only of a single message. */
  call_backs: CallBack[];
}

export interface CallBack {
  agent: string;
  started_at: string;
  answered_at?: string | null;
  ended_at?: string | null;
  outcome?: string | null;
}

/** Whether somebody may listen to a message and call back: whose work it is, and who looks after everybody's. */
export function isWorkOf(message: Message, user: User | undefined): boolean {
  return maySupervise(user) || (user !== undefined && message.agent_id === user.id);
}

export function isOverdue(message: Message, now: number): boolean {
  return message.state === 'new' && message.due_at != null && Date.parse(message.due_at) <= now;
}

/** How long a carrier may take to hand over recording and text. */
const ON_ITS_WAY = 5 * 60_000;

/**
 * When to look again at messages of which something is on its way from the carrier: the live feed does not tell that it
 * came.
 *
 * @returns milliseconds; undefined when nothing is awaited
 */
export function nextLook(messages: readonly Message[], now: number): number | undefined {
  const awaited = messages.some(
    (message) =>
      message.state === 'new' &&
      !message.erased_at &&
      !(message.recording_url && message.transcription) &&
      now - Date.parse(message.created_at) < ON_ITS_WAY,
  );
  return awaited ? 3000 : undefined;
}

/** Tasklist with the tasks of one call. */
export function tasksOf(call: string): string {
  const search = [{ type: 'processInstanceBusinessKey', operator: 'eq', value: call, name: '' }];
  return `/camunda/app/tasklist/default/#/?searchQuery=${encodeURIComponent(JSON.stringify(search))}`;
}
