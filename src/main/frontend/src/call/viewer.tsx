import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css';
import { useEffect, useRef, useState } from 'react';
import { useI18n } from '../i18n';
import { Problem } from '../lib/problem';
import { ProblemNotice } from '../ui/notice';
import { factsOf, takenFlows, type Flow, type ModelState } from './model';
import type { Diagram, Step } from './types';

/** The few parts of the viewer that are used here; it is published without types for them. */
interface Shape {
  id: string;
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  businessObject: { name?: string; sourceRef?: { id: string }; targetRef?: { id: string; $type: string } };
  source?: Shape;
  target?: Shape;
}
interface Canvas {
  zoom(level: 'fit-viewport', center: 'auto'): number;
  zoom(level?: number): number;
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  viewbox(): { outer: { width: number; height: number } };
  viewbox(box: { x: number; y: number; width: number; height: number }): void;
}
interface Registry {
  get(id: string): Shape | undefined;
  filter(test: (shape: Shape) => boolean): Shape[];
}
interface Overlays {
  add(id: string, type: string, overlay: { position: Record<string, number>; html: HTMLElement }): string;
  remove(filter: { type: string }): void;
}

const LARGEST = 1.15;
const SMALLEST_READABLE = 0.55;

function fit(viewer: NavigatedViewer): number {
  const canvas = viewer.get<Canvas>('canvas');
  const zoom = canvas.zoom('fit-viewport', 'auto');
  if (zoom > LARGEST) canvas.zoom(LARGEST);
  return zoom;
}

/** The whole model when it can be read at that size; else as much as can be read, around where the call is. */
function show(viewer: NavigatedViewer, around: string | undefined) {
  if (fit(viewer) >= SMALLEST_READABLE) return;
  const canvas = viewer.get<Canvas>('canvas');
  const shape = around === undefined ? undefined : viewer.get<Registry>('elementRegistry').get(around);
  if (!shape) {
    canvas.zoom(SMALLEST_READABLE);
    return;
  }
  const { outer } = canvas.viewbox();
  const width = outer.width / SMALLEST_READABLE;
  const height = outer.height / SMALLEST_READABLE;
  canvas.viewbox({
    x: shape.x + shape.width / 2 - width / 2,
    y: shape.y + shape.height / 2 - height / 2,
    width,
    height,
  });
}

/** One model with the way of the call drawn into it. */
export function DiagramView({
  diagram,
  title,
  state,
  steps,
  moment,
  selected,
  onSelect,
  followable,
  onFollow,
}: {
  diagram: Diagram;
  title: string;
  state: ModelState;
  steps: readonly Step[];
  moment: number;
  selected: string | undefined;
  onSelect: (element: string | undefined) => void;
  /** Processes that can be shown when their call activity is followed. */
  followable: ReadonlySet<string>;
  onFollow: (element: string) => void;
}) {
  const { t } = useI18n();
  const box = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<NavigatedViewer>();
  const [problem, setProblem] = useState<Problem>();
  const handlers = useRef({ onSelect, onFollow, state });
  useEffect(() => {
    handlers.current = { onSelect, onFollow, state };
  });

  useEffect(() => {
    const made = new NavigatedViewer({
      container: box.current!,
      bpmnRenderer: {
        defaultFillColor: 'var(--diagram-fill)',
        defaultStrokeColor: 'var(--diagram-stroke)',
        defaultLabelColor: 'var(--ink)',
      },
    });
    let gone = false;
    setProblem(undefined);
    made
      .importXML(diagram.bpmn_xml)
      .then(() => {
        if (gone) return;
        const { active, visited } = handlers.current.state;
        show(made, [...active][0] ?? [...visited.keys()][0]);
        made.on('element.click', ({ element }: { element: Shape }) => {
          const known = element.type !== 'bpmn:Process' && element.type !== 'bpmn:SequenceFlow';
          handlers.current.onSelect(known ? element.id : undefined);
        });
        setViewer(made);
      })
      .catch((error: unknown) => {
        if (gone) return;
        const detail = error instanceof Error ? error.message : undefined;
        setProblem(new Problem({ status: 500, title: t.call.diagramBroken, detail }));
      });
    return () => {
      gone = true;
      setViewer(undefined);
      made.destroy();
    };
  }, [diagram.bpmn_xml, t]);

  useEffect(() => {
    if (!viewer) return;
    const canvas = viewer.get<Canvas>('canvas');
    const registry = viewer.get<Registry>('elementRegistry');
    const overlays = viewer.get<Overlays>('overlays');
    const marked: [string, string][] = [];
    const mark = (id: string, marker: string) => {
      if (!registry.get(id)) return;
      canvas.addMarker(id, marker);
      marked.push([id, marker]);
    };

    const flows: Flow[] = registry
      .filter((shape) => shape.type === 'bpmn:SequenceFlow')
      .map((shape) => ({
        id: shape.id,
        source: shape.businessObject.sourceRef?.id ?? '',
        target: shape.businessObject.targetRef?.id ?? '',
        joins: /ParallelGateway|InclusiveGateway/.test(shape.businessObject.targetRef?.$type ?? ''),
      }));
    takenFlows(flows, steps, moment).forEach((id) => mark(id, 'way-taken'));
    for (const element of state.visited.keys()) mark(element, 'way-visited');
    for (const element of state.canceled) mark(element, 'way-canceled');
    for (const element of state.active) mark(element, 'way-active');
    for (const { element } of diagram.incidents ?? []) if (element) mark(element, 'way-incident');
    if (selected) mark(selected, 'way-selected');

    for (const [element, count] of state.visited) {
      if (count < 2 || !registry.get(element)) continue;
      const badge = document.createElement('span');
      badge.className = 'way-count';
      badge.textContent = `${count}×`;
      overlays.add(element, 'way', { position: { top: -12, right: 14 }, html: badge });
    }
    for (const [element, { name, process }] of factsOf(diagram.bpmn_xml).calls) {
      if (!followable.has(process) || !state.visited.has(element) || !registry.get(element)) continue;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'way-follow';
      button.textContent = '↘';
      button.title = t.call.follow(name);
      button.setAttribute('aria-label', button.title);
      button.addEventListener('click', () => handlers.current.onFollow(element));
      overlays.add(element, 'way', { position: { bottom: 15, right: 15 }, html: button });
    }
    return () => {
      marked.forEach(([id, marker]) => canvas.removeMarker(id, marker));
      overlays.remove({ type: 'way' });
    };
  }, [viewer, state, steps, moment, selected, diagram, followable, t]);

  const nameOf = (element: string) =>
    viewer?.get<Registry>('elementRegistry').get(element)?.businessObject.name ?? element;
  const zoom = (factor: number) => {
    const canvas = viewer?.get<Canvas>('canvas');
    canvas?.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)));
  };

  return (
    <figure className="diagram">
      {problem && <ProblemNotice problem={problem} />}
      <div className="diagram-canvas" ref={box} hidden={problem !== undefined} />
      <figcaption className="sr-only">
        {t.call.diagramText(title, [...state.active].map(nameOf).join(', '), state.visited.size)}
      </figcaption>
      <div className="diagram-tools">
        <button
          type="button"
          className="button button-small"
          onClick={() => zoom(1.25)}
          aria-label={t.call.zoomIn}
        >
          +
        </button>
        <button
          type="button"
          className="button button-small"
          onClick={() => zoom(0.8)}
          aria-label={t.call.zoomOut}
        >
          −
        </button>
        <button type="button" className="button button-small" onClick={() => viewer && fit(viewer)}>
          {t.call.fit}
        </button>
      </div>
    </figure>
  );
}
