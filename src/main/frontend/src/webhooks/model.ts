/** A server of the customer's that is told what happens. */
export interface Webhook {
  id: string;
  url: string;
  /** None means all. */
  event_types: string[];
  enabled: boolean;
  /** Why Cordboard disabled it. */
  disabled_because?: string | null;
  /** The first failure since the last success. */
  failing_since?: string | null;
  /** Only in the answer that made it. */
  secret?: string | null;
  /** Until when the secret before this one signs as well. */
  old_secret_until?: string | null;
  created_at: string;
}

/** One event on its way to one webhook, or there. */
export interface Delivery {
  id: string;
  event_type: string;
  state: 'pending' | 'delivered' | 'failed';
  attempts: number;
  next_attempt_at?: string | null;
  last_attempt_at?: string | null;
  status?: number | null;
  error?: string | null;
  duration_ms?: number | null;
  created_at: string;
  payload: unknown;
}

/** The event types to choose from with a click, see docs/webhooks.md; others are written by hand. */
export const EVENT_TYPES = [
  'call_started',
  'call_connected',
  'call_ended',
  'call_held',
  'call_resumed',
  'call_noted',
  'reservation_created',
  'reservation_accepted',
  'reservation_rejected',
  'reservation_timeout',
  'reservation_wrap_up_overdue',
  'voicemail_assigned',
  'voicemail_overdue',
  'voicemail_opened',
  'agent_status_updated',
  'agent_status_alert',
  'agent_created',
  'agent_updated',
  'agent_deleted',
  'agent_repaired',
  'webhook_disabled',
] as const;

/** The names in a text, whatever people put between them. */
export function namesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((name) => name !== '');
}

/** What to call a webhook: the server it goes to. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

export type WebhookState = 'enabled' | 'failing' | 'disabled';

export function stateOf(webhook: Webhook): WebhookState {
  if (!webhook.enabled) return 'disabled';
  return webhook.failing_since ? 'failing' : 'enabled';
}

/**
 * When to look again at deliveries of which some have yet to arrive: the live feed tells of events, but not of their
 * arrival elsewhere.
 *
 * @returns milliseconds, not more than half a minute; undefined when everything is settled
 */
export function nextLook(deliveries: readonly Delivery[], now: number): number | undefined {
  const due = deliveries
    .filter(({ state }) => state === 'pending')
    .map(({ next_attempt_at }) => (next_attempt_at ? Date.parse(next_attempt_at) : now));
  if (due.length === 0) return undefined;
  return Math.min(30_000, Math.max(1000, Math.min(...due) + 500 - now));
}
