import type { Diagram, Step } from './types';

/** What a model says about itself: its name, and which of its elements call other processes. */
export interface ModelFacts {
  name: string | undefined;
  /** By element id: the called process and the label. */
  calls: Map<string, { process: string; name: string }>;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return (value?.[1] ?? value?.[2])?.replace(/&(#\d+|#x[\da-f]+|\w+);/gi, (all, code: string) => {
    if (code.startsWith('#x')) return String.fromCodePoint(parseInt(code.slice(2), 16));
    if (code.startsWith('#')) return String.fromCodePoint(parseInt(code.slice(1), 10));
    return ENTITIES[code] ?? all;
  });
}

export function factsOf(xml: string): ModelFacts {
  const process = /<(?:\w+:)?process\b[^>]*>/.exec(xml)?.[0] ?? '';
  const calls = new Map<string, { process: string; name: string }>();
  for (const [tag] of xml.matchAll(/<(?:\w+:)?callActivity\b[^>]*>/g)) {
    const id = attribute(tag, 'id');
    const called = attribute(tag, 'calledElement');
    if (id && called) calls.set(id, { process: called, name: attribute(tag, 'name') ?? called });
  }
  return { name: attribute(process, 'name'), calls };
}

/** Where a call was in one model at one moment. */
export interface ModelState {
  /** Elements the call is at. */
  active: Set<string>;
  /** Elements it reached so far, and how often. */
  visited: Map<string, number>;
  /** Elements it was taken out of before they were done, and never finished otherwise. */
  canceled: Set<string>;
}

/** @param moment milliseconds since 1970; what started later has not happened yet */
export function stateAt(steps: readonly Step[], moment: number): ModelState {
  const active = new Set<string>();
  const visited = new Map<string, number>();
  const canceled = new Set<string>();
  const finished = new Set<string>();
  for (const step of steps) {
    if (Date.parse(step.started_at) > moment) continue;
    visited.set(step.element, (visited.get(step.element) ?? 0) + 1);
    if (!step.ended_at || Date.parse(step.ended_at) > moment) active.add(step.element);
    else if (step.canceled) canceled.add(step.element);
    else finished.add(step.element);
  }
  for (const element of [...finished, ...active]) canceled.delete(element);
  return { active, visited, canceled };
}

/** How things stand now: the engine's own word, together with the steps on record. */
export function stateNow(diagram: Diagram, steps: readonly Step[]): ModelState {
  const state = stateAt(steps, Number.POSITIVE_INFINITY);
  const active = new Set(diagram.active);
  const visited = new Map(state.visited);
  for (const { element, count } of diagram.visited)
    visited.set(element, Math.max(count, visited.get(element) ?? 0));
  for (const element of active) if (!visited.has(element)) visited.set(element, 1);
  const canceled = new Set([...state.canceled].filter((element) => !active.has(element)));
  return { active, visited, canceled };
}

export interface Flow {
  id: string;
  source: string;
  target: string;
  /** The target waits for all its flows: then all that carried something count. */
  joins: boolean;
}

/**
 * Which sequence flows the call went along. The engine keeps no record of flows, so each step is traced back to the
 * step before it: of the flows that lead to its element, the one whose source was left last before it began.
 */
export function takenFlows(flows: readonly Flow[], steps: readonly Step[], moment: number): Set<string> {
  const taken = new Set<string>();
  const past = steps.filter((step) => Date.parse(step.started_at) <= moment);
  for (const step of past) {
    const began = Date.parse(step.started_at);
    let best: { flow: string; left: number } | undefined;
    for (const flow of flows) {
      if (flow.target !== step.element) continue;
      for (const source of past) {
        if (source.element !== flow.source || source === step || source.canceled || !source.ended_at)
          continue;
        const left = Date.parse(source.ended_at);
        if (left > began) continue;
        if (flow.joins) taken.add(flow.id);
        else if (!best || left > best.left) best = { flow: flow.id, left };
      }
    }
    if (best) taken.add(best.flow);
  }
  return taken;
}

/** The diagram that says most about a moment: the innermost process the call is in, else the first. */
export function innermost(
  diagrams: readonly Diagram[],
  activeIn: (diagram: Diagram) => ReadonlySet<string>,
): Diagram | undefined {
  const running = diagrams.filter((diagram) => activeIn(diagram).size > 0);
  const waitsForNoOther = running.filter((diagram) => {
    const { calls } = factsOf(diagram.bpmn_xml);
    return [...activeIn(diagram)].some((element) => !calls.has(element));
  });
  return waitsForNoOther.at(-1) ?? running.at(-1) ?? diagrams[0];
}

/** The process that a call activity of one model started, if the call came that far. The latest of several. */
export function calledBy(
  diagrams: readonly Diagram[],
  caller: Diagram,
  process: string,
): Diagram | undefined {
  return diagrams
    .filter((diagram) => diagram.process === process)
    .filter(
      (diagram) => !diagram.parent_instance_id || diagram.parent_instance_id === caller.process_instance_id,
    )
    .at(-1);
}
