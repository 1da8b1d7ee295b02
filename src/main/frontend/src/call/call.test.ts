import { describe, expect, it } from 'vitest';
import { de } from '../i18n/de';
import { en } from '../i18n/en';
import { factsOf, innermost, stateAt, stateNow, takenFlows, type Flow } from './model';
import { kindsIn, timeline } from './timeline';
import type { Call, Diagram, Step } from './types';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const step = (element: string, from: number, to: number | null, canceled = false): Step => ({
  process: 'queue-reservation',
  process_instance_id: 'i1',
  definition_id: 'queue-reservation:1',
  element,
  name: element,
  type: element.split('_')[0] ?? '',
  started_at: at(from),
  ended_at: to === null ? null : at(to),
  canceled,
});

/** Offered, lapsed, offered again. */
const STEPS = [
  step('serviceTask_find', 0, 1),
  step('userTask_accept', 1, 11, true),
  step('event_timedOut', 11, 11),
  step('serviceTask_find', 11, 12),
  step('userTask_accept', 12, null),
];
const flow = (source: string, target: string, joins = false): Flow => ({
  id: `${source}->${target}`,
  source,
  target,
  joins,
});

describe('where a call is', () => {
  it('is at one element now, which it reached twice', () => {
    const state = stateAt(STEPS, Number.POSITIVE_INFINITY);
    expect([...state.active]).toEqual(['userTask_accept']);
    expect(state.visited.get('userTask_accept')).toBe(2);
    expect(state.canceled.size).toBe(0);
  });

  it('can be asked for any moment', () => {
    expect([...stateAt(STEPS, 5000).active]).toEqual(['userTask_accept']);
    expect([...stateAt(STEPS, 11_500).active]).toEqual(['serviceTask_find']);
    expect([...stateAt(STEPS, 11_500).canceled]).toEqual(['userTask_accept']);
    expect(stateAt(STEPS, -1).visited.size).toBe(0);
  });

  it('is what the engine says, when the record is behind', () => {
    const diagram: Diagram = {
      process_instance_id: 'i1',
      process: 'queue-reservation',
      definition_id: 'd',
      bpmn_xml: '',
      active: ['serviceTask_acceptOffer'],
      visited: [{ element: 'userTask_accept', count: 2 }],
    };
    const state = stateNow(diagram, STEPS.slice(0, 2));
    expect([...state.active]).toEqual(['serviceTask_acceptOffer']);
    expect(state.visited.get('userTask_accept')).toBe(2);
    expect(state.visited.get('serviceTask_acceptOffer')).toBe(1);
  });

  it('is shown in the innermost process that runs', () => {
    const diagram = (process: string, active: string[], xml = ''): Diagram => ({
      process_instance_id: process,
      process,
      definition_id: process,
      bpmn_xml: xml,
      active,
      visited: [],
    });
    const outer = diagram(
      'inbound-call',
      ['callActivity_queue'],
      '<bpmn:callActivity id="callActivity_queue" calledElement="queue-reservation" />',
    );
    const inner = diagram('queue-reservation', ['userTask_accept']);
    const activeIn = (each: Diagram) => new Set(each.active);
    expect(innermost([inner, outer], activeIn)).toBe(inner);
    expect(innermost([outer, diagram('ivr', [])], activeIn)).toBe(outer);
    expect(innermost([diagram('a', []), diagram('b', [])], activeIn)?.process).toBe('a');
  });
});

describe('the way a call took', () => {
  it('leads along the flows whose source was left last', () => {
    const flows = [
      flow('serviceTask_find', 'userTask_accept'),
      flow('event_timedOut', 'serviceTask_find'),
      flow('userTask_accept', 'endEvent_done'),
      flow('serviceTask_other', 'userTask_accept'),
    ];
    expect([...takenFlows(flows, STEPS, Number.POSITIVE_INFINITY)].sort()).toEqual([
      'event_timedOut->serviceTask_find',
      'serviceTask_find->userTask_accept',
    ]);
    expect([...takenFlows(flows, STEPS, 5000)]).toEqual(['serviceTask_find->userTask_accept']);
  });

  it('comes along all flows that join', () => {
    const steps = [step('a', 0, 1), step('b', 0, 3), step('join', 3, 3)];
    expect(takenFlows([flow('a', 'join', true), flow('b', 'join', true)], steps, 9000).size).toBe(2);
  });
});

describe('a model', () => {
  it('tells its name and what it calls', () => {
    const facts = factsOf(`<?xml version="1.0"?>
      <bpmn:definitions xmlns:bpmn="x"><bpmn:process id="p" name="Fish &amp; chips" isExecutable="true">
      <bpmn:callActivity id="callActivity_ivr" name="Ask" calledElement="ivr"><bpmn:incoming>f</bpmn:incoming>
      </bpmn:callActivity></bpmn:process></bpmn:definitions>`);
    expect(facts.name).toBe('Fish & chips');
    expect(facts.calls.get('callActivity_ivr')).toEqual({ process: 'ivr', name: 'Ask' });
  });
});

describe('the timeline', () => {
  const call: Call = {
    id: 'c',
    direction: 'inbound',
    from: '+15550142001',
    to: '+15550100001',
    state: 'ended',
    started_at: at(0),
    connected_at: at(15),
    ended_at: at(60),
    outcome: 'callerHungUp',
    legs: [
      {
        id: 'l1',
        kind: 'caller',
        address: '+15550142001',
        state: 'ended',
        started_at: at(0),
        ended_at: at(60),
      },
    ],
    steps: STEPS,
    reservations: [
      {
        id: 'r1',
        agent: 'Charles',
        queue: 'support',
        status: 'timeout',
        offered_at: at(1),
        ended_at: at(11),
      },
      {
        id: 'r2',
        agent: 'Edith',
        queue: 'support',
        status: 'completed',
        offered_at: at(12),
        answered_at: at(14),
      },
    ],
    events: [{ at: at(60), kind: 'hung_up', key: 'k', state: 'unmatched' }],
    notes: [{ at: at(30), agent: 'Edith', text: 'Calls back' }],
    voicemails: [],
  };

  it('puts everything in order, with the call itself first', () => {
    const entries = timeline(call, en);
    expect(entries[0]?.title).toBe('Call comes in');
    expect(entries.map((entry) => Date.parse(entry.at))).toEqual(
      [...entries].map((entry) => Date.parse(entry.at)).sort((a, b) => a - b),
    );
    expect(entries.map((entry) => entry.title)).toEqual(
      expect.arrayContaining(['Charles lets the offer lapse', 'Edith accepts', 'Note of Edith']),
    );
    expect(entries.at(-1)?.detail).toBe('unmatched');
  });

  it('leaves out gateways that only bring ways together', () => {
    const join = { ...step('gateway_nextAgent', 11, 11), name: null };
    const decision = { ...step('gateway_decision', 14, 14), name: 'Accepted?' };
    const titles = timeline({ ...call, steps: [join, decision] }, en).map((entry) => entry.title);
    expect(titles).toContain('Accepted?');
    expect(titles).not.toContain('gateway_nextAgent');
  });

  it('speaks German as well, and offers only the kinds that occur', () => {
    expect(timeline(call, de).map((entry) => entry.title)).toContain('Edith nimmt an');
    expect(kindsIn(timeline(call, de))).toEqual(['step', 'offer', 'leg', 'note', 'event']);
  });
});
