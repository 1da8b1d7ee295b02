/** One call as `/v1/calls/{id}` tells it. Times are ISO 8601 in UTC; what did not happen (yet) is null or missing. */

type Moment = string | null | undefined;

export interface Leg {
  id: string;
  kind: 'caller' | 'former_caller' | 'agent' | 'external';
  address: string;
  agent?: string | null;
  state: string;
  outcome?: string | null;
  started_at: string;
  answered_at?: Moment;
  ended_at?: Moment;
}

/** One passage of the call through one element of a model. */
export interface Step {
  process: string;
  process_instance_id: string;
  definition_id: string;
  element: string;
  name?: string | null;
  type: string;
  started_at: string;
  ended_at?: Moment;
  canceled?: boolean;
}

export interface Reservation {
  id: string;
  agent: string;
  queue: string;
  status: string;
  offered_at: string;
  answered_at?: Moment;
  ended_at?: Moment;
  reason?: string | null;
}

export interface CarrierEvent {
  at: string;
  kind: string;
  key: string;
  state: string;
}

export interface Note {
  at: string;
  agent?: string | null;
  text: string;
}

/** A caller on hold: on the way there, there, or on the way back. */
export interface Hold {
  state: 'holding' | 'held' | 'resuming';
  since: string;
}

/** How the agent who took the call wraps it up. */
export interface WrapUp {
  mode: string;
  dispositions?: string[];
  overdue_at?: Moment;
}

export interface Voicemail {
  id: string;
  at?: string;
  length_seconds?: number | null;
  transcription?: string | null;
  recording_url?: string | null;
  state: string;
}

export interface CallSummary {
  id: string;
  direction: string;
  from: string;
  to: string;
  state: string;
  queue?: string | null;
  agent?: string | null;
  started_at: string;
  connected_at?: Moment;
  ended_at?: Moment;
  outcome?: string | null;
}

export interface Call extends CallSummary {
  disposition?: string | null;
  wrap_up?: WrapUp | null;
  hold?: Hold | null;
  legs: Leg[];
  steps: Step[];
  reservations: Reservation[];
  events: CarrierEvent[];
  notes: Note[];
  voicemails: Voicemail[];
}

/** One model that the call runs through, as `/v1/calls/{id}/diagrams` tells it. */
export interface Diagram {
  process_instance_id: string;
  /** The instance that called this one. */
  parent_instance_id?: string | null;
  process: string;
  definition_id: string;
  bpmn_xml: string;
  active: string[];
  visited: { element: string; count: number }[];
  incidents?: { element?: string | null; message?: string | null }[];
}

/** How long a call took, or takes until now. */
export function lengthOf(call: CallSummary, now: number): number {
  return (call.ended_at ? Date.parse(call.ended_at) : now) - Date.parse(call.started_at);
}
