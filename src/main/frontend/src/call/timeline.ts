import type { Messages } from '../i18n/en';
import { phone, words } from '../lib/format';
import type { Call } from './types';

export type Kind = 'call' | 'step' | 'leg' | 'offer' | 'note' | 'event' | 'voicemail';

/** One line of the timeline. */
export interface Entry {
  key: string;
  at: string;
  kind: Kind;
  title: string;
  detail?: string | undefined;
  /** When what began here was over; null while it lasts, undefined for what has no length. */
  until?: string | null | undefined;
  /** Where in which model, for steps. */
  element?: string;
  instance?: string;
  audio?: string | undefined;
  /** Gateways and events: there for completeness, not to be read first. */
  minor?: boolean;
}

const ORDER: Kind[] = ['call', 'leg', 'event', 'step', 'offer', 'voicemail', 'note'];

/** Everything known about a call as one list, in the order it happened. */
export function timeline(call: Call, t: Messages): Entry[] {
  const say = t.call.entry;
  const entries: Entry[] = [];
  const add = (entry: Entry) => entries.push(entry);

  add({
    key: 'started',
    at: call.started_at,
    kind: 'call',
    title: call.direction === 'outbound' ? say.callStartedOut : say.callStarted,
    detail: `${phone(call.from)} → ${phone(call.to)}`,
  });
  if (call.connected_at)
    add({ key: 'connected', at: call.connected_at, kind: 'call', title: say.callConnected });
  if (call.ended_at) {
    add({
      key: 'ended',
      at: call.ended_at,
      kind: 'call',
      title: say.callEnded,
      detail: call.outcome ? (t.outcome[call.outcome] ?? words(call.outcome)) : undefined,
    });
  }

  call.steps.forEach((step, index) => {
    const minor = /gateway|event/i.test(step.type);
    // A gateway without a label only brings ways together.
    if (minor && !step.name) return;
    add({
      key: `step-${index}`,
      at: step.started_at,
      kind: 'step',
      title: step.name || step.element,
      detail: step.canceled ? say.stepCanceled : undefined,
      until: step.ended_at ?? null,
      element: step.element,
      instance: step.process_instance_id,
      minor,
    });
  });

  const ofTheCaller = call.legs.filter((leg) => leg.kind === 'caller' || leg.kind === 'former_caller');
  for (const leg of call.legs) {
    const address = phone(leg.address);
    const who = ofTheCaller.includes(leg) ? say.callerLeg : leg.agent ? `${leg.agent} (${address})` : address;
    const dialled = leg !== ofTheCaller[0];
    if (dialled) add({ key: `${leg.id}-rung`, at: leg.started_at, kind: 'leg', title: say.legStarted(who) });
    if (leg.answered_at && dialled) {
      add({ key: `${leg.id}-answered`, at: leg.answered_at, kind: 'leg', title: say.legAnswered(who) });
    }
    if (leg.ended_at) {
      add({
        key: `${leg.id}-ended`,
        at: leg.ended_at,
        kind: 'leg',
        title: say.legEnded(who),
        detail: leg.outcome ? (t.outcome[leg.outcome] ?? words(leg.outcome)) : undefined,
      });
    }
  }

  for (const offer of call.reservations) {
    add({
      key: `${offer.id}-offered`,
      at: offer.offered_at,
      kind: 'offer',
      title: say.offered(offer.agent),
      detail: offer.queue,
    });
    if (offer.answered_at) {
      const decision = offer.status === 'rejected' || offer.status === 'timeout' ? offer.status : 'accepted';
      add({
        key: `${offer.id}-answered`,
        at: offer.answered_at,
        kind: 'offer',
        title: `${offer.agent} ${say.offerAnswered[decision]}`,
        detail: offer.reason ?? undefined,
      });
    } else if (offer.ended_at) {
      const decision = say.offerAnswered[offer.status];
      add({
        key: `${offer.id}-ended`,
        at: offer.ended_at,
        kind: 'offer',
        title: decision ? `${offer.agent} ${decision}` : say.offerEnded(offer.agent, words(offer.status)),
        detail: offer.reason ? words(offer.reason) : undefined,
      });
    }
  }

  call.notes.forEach((note, index) =>
    add({
      key: `note-${index}`,
      at: note.at,
      kind: 'note',
      title: say.note(note.agent ?? null),
      detail: note.text,
    }),
  );

  call.events.forEach((event, index) =>
    add({
      key: `event-${index}`,
      at: event.at,
      kind: 'event',
      title: say.event(words(event.kind)),
      detail: event.state === 'done' ? undefined : words(event.state),
      minor: true,
    }),
  );

  for (const message of call.voicemails) {
    add({
      key: message.id,
      at: message.at ?? call.ended_at ?? call.started_at,
      kind: 'voicemail',
      title: say.voicemail(message.length_seconds ?? 0),
      detail: message.transcription ?? undefined,
      audio: message.recording_url ?? undefined,
    });
  }

  return entries.sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
  );
}

/** The kinds of entry that occur, in the order in which the filter offers them. */
export function kindsIn(entries: readonly Entry[]): Kind[] {
  const present = new Set(entries.map((entry) => entry.kind));
  return (['step', 'offer', 'leg', 'note', 'voicemail', 'event'] as const).filter((kind) =>
    present.has(kind),
  );
}
