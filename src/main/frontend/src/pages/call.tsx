import { useCallback, useMemo, useState } from 'react';
import { calledBy, factsOf, innermost, stateAt, stateNow } from '../call/model';
import { Replay } from '../call/replay';
import { timeline, type Entry } from '../call/timeline';
import { TimelineList } from '../call/timeline-list';
import { lengthOf, type Call, type Diagram, type Step } from '../call/types';
import { DiagramView } from '../call/viewer';
import { useI18n } from '../i18n';
import { useNow } from '../lib/clock';
import { dateAndTime, duration, phone, words } from '../lib/format';
import { useLive } from '../lib/live';
import { useResource } from '../lib/resource';
import { Link } from '../lib/router';
import { useThrottled } from '../lib/throttle';
import { CopyButton } from '../ui/copy';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { CallStateBadge } from '../ui/state';

function Facts({ call }: { call: Call }) {
  const { t, language } = useI18n();
  const now = useNow(!call.ended_at);
  const facts: [string, string | undefined][] = [
    [t.call.started, dateAndTime(call.started_at, language)],
    [t.call.length, duration(lengthOf(call, now))],
    [
      t.call.talked,
      call.connected_at
        ? duration((call.ended_at ? Date.parse(call.ended_at) : now) - Date.parse(call.connected_at))
        : undefined,
    ],
    [
      t.call.onHold,
      call.hold ? t.call.hold[call.hold.state](duration(now - Date.parse(call.hold.since))) : undefined,
    ],
    [t.call.queue, call.queue ?? undefined],
    [t.call.agent, call.agent ?? undefined],
    [t.call.outcome, call.outcome ? (t.outcome[call.outcome] ?? words(call.outcome)) : undefined],
    [t.call.disposition, call.disposition ? words(call.disposition) : undefined],
    [
      t.call.wrapUpOverdue,
      call.state === 'wrapping' && call.wrap_up?.overdue_at
        ? dateAndTime(call.wrap_up.overdue_at, language)
        : undefined,
    ],
  ];
  return (
    <dl className="facts" aria-label={t.call.facts}>
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      <div>
        <dt>{t.call.id}</dt>
        <dd>
          <code>{call.id}</code> <CopyButton text={call.id} className="button-quiet" />
        </dd>
      </div>
    </dl>
  );
}

/** The models that the call ran through, in the order of their start, each with a name to tell it by. */
function named(diagrams: readonly Diagram[]): { diagram: Diagram; name: string }[] {
  const seen = new Map<string, number>();
  return diagrams.map((diagram) => {
    const before = seen.get(diagram.process) ?? 0;
    seen.set(diagram.process, before + 1);
    const name = factsOf(diagram.bpmn_xml).name ?? diagram.process;
    return { diagram, name: before === 0 ? name : `${name} (${before + 1})` };
  });
}

function Models({
  call,
  diagrams,
  selected,
  shown,
  moment,
  onMoment,
  onSelect,
  onShow,
}: {
  call: Call;
  diagrams: readonly Diagram[];
  selected: string | undefined;
  /** The model that somebody chose to see; undefined follows the call. */
  shown: string | undefined;
  moment: number | null;
  onMoment: (moment: number | null) => void;
  onSelect: (element: string | undefined) => void;
  onShow: (instance: string | undefined) => void;
}) {
  const { t } = useI18n();
  const now = useNow(!call.ended_at);

  const stepsOf = useMemo(() => {
    const byInstance = new Map<string, Step[]>();
    for (const step of call.steps) {
      const list = byInstance.get(step.process_instance_id) ?? [];
      list.push(step);
      byInstance.set(step.process_instance_id, list);
    }
    return (diagram: Diagram) => byInstance.get(diagram.process_instance_id) ?? [];
  }, [call.steps]);

  const stateOf = useCallback(
    (diagram: Diagram) =>
      moment === null ? stateNow(diagram, stepsOf(diagram)) : stateAt(stepsOf(diagram), moment),
    [moment, stepsOf],
  );

  const chosen = diagrams.find((diagram) => diagram.process_instance_id === shown);
  const current = chosen ?? innermost(diagrams, (diagram) => stateOf(diagram).active);
  const state = useMemo(() => (current ? stateOf(current) : undefined), [current, stateOf]);
  const followable = useMemo(() => new Set(diagrams.map((diagram) => diagram.process)), [diagrams]);
  const steps = useMemo(() => (current ? stepsOf(current) : []), [current, stepsOf]);

  if (!current || !state) {
    return (
      <Empty title={t.call.diagramEmpty}>
        <p className="muted">{t.call.diagramEmptyText}</p>
      </Empty>
    );
  }
  const all = named(diagrams);
  const start = Date.parse(call.started_at);
  const lastStep = Math.max(...call.steps.map((step) => Date.parse(step.ended_at ?? step.started_at)), start);
  const end = call.ended_at ? Math.max(Date.parse(call.ended_at), lastStep) : Math.max(now, lastStep);
  const incidents = current.incidents ?? [];

  return (
    <>
      <div className="models" role="group" aria-label={t.call.diagramOf}>
        {all.map(({ diagram, name }) => (
          <button
            key={diagram.process_instance_id}
            type="button"
            className="chip"
            aria-pressed={diagram === current}
            data-running={stateOf(diagram).active.size > 0}
            onClick={() => onShow(diagram.process_instance_id)}
          >
            <span className="lamp" aria-hidden="true" />
            {name}
            <span className="sr-only">
              {' '}
              ({stateOf(diagram).active.size > 0 ? t.call.running : t.call.finished})
            </span>
          </button>
        ))}
        {shown !== undefined && (
          <button
            type="button"
            className="button button-small button-quiet"
            onClick={() => onShow(undefined)}
          >
            {t.call.followCall}
          </button>
        )}
      </div>
      {incidents.length > 0 && (
        <div className="notice notice-bad">
          <p className="notice-title">{t.call.incidents(incidents.length)}</p>
          {incidents.map((incident, index) => (
            <p key={index}>
              <code>{incident.element}</code> {incident.message}
            </p>
          ))}
        </div>
      )}
      <DiagramView
        diagram={current}
        title={all.find(({ diagram }) => diagram === current)?.name ?? current.process}
        state={state}
        steps={steps}
        moment={moment ?? Number.POSITIVE_INFINITY}
        selected={selected}
        onSelect={onSelect}
        followable={followable}
        onFollow={(element) => {
          const process = factsOf(current.bpmn_xml).calls.get(element)?.process;
          const called = process === undefined ? undefined : calledBy(diagrams, current, process);
          if (called) onShow(called.process_instance_id);
        }}
      />
      <ul className="legend">
        {(['active', 'visited', 'canceled', 'incident'] as const).map((kind) => (
          <li key={kind} data-kind={kind}>
            {t.call.legend[kind]}
          </li>
        ))}
      </ul>
      <Replay start={start} end={end} moment={moment} onMoment={onMoment} />
    </>
  );
}

export default function CallPage({ id }: { id: string }) {
  const { t } = useI18n();
  const path = `/v1/calls/${encodeURIComponent(id)}`;
  const call = useResource<Call>(path);
  const diagrams = useResource<Diagram[]>(`${path}/diagrams`);
  const [selected, setSelected] = useState<string>();
  const [shown, setShown] = useState<string>();
  const [moment, setMoment] = useState<number | null>(null);

  const reload = useThrottled(() => {
    call.reload();
    diagrams.reload();
  });
  useLive(call.problem?.status === 404 ? null : `/v1/events?call=${encodeURIComponent(id)}`, {
    event: reload,
    open: reload,
  });

  const entries = useMemo(() => (call.data ? timeline(call.data, t) : []), [call.data, t]);
  const select = (entry: Entry) => {
    setSelected((before) => (before === entry.element ? undefined : entry.element));
    setShown(entry.instance);
  };

  const back = (
    <p className="back">
      <Link href="/calls">← {t.call.back}</Link>
    </p>
  );
  if (!call.data) {
    return (
      <Page title={t.nav.calls} wide>
        {back}
        {call.problem ? <ProblemNotice problem={call.problem} retry={call.reload} /> : <Loading />}
      </Page>
    );
  }
  const { data } = call;
  return (
    <Page
      title={t.call.title(phone(data.from))}
      lead={`${t.call.to} ${phone(data.to)}`}
      actions={<CallStateBadge state={data.state} />}
      before={back}
      wide
    >
      {call.problem && <ProblemNotice problem={call.problem} retry={call.reload} stale />}
      <Facts call={data} />
      <div className="call-page">
        <section className="panel models-panel" aria-labelledby="diagram">
          <h2 id="diagram" className="sr-only">
            {t.call.diagram}
          </h2>
          {diagrams.problem && !diagrams.data ? (
            <ProblemNotice problem={diagrams.problem} retry={diagrams.reload} />
          ) : diagrams.loading ? (
            <Loading />
          ) : (
            <Models
              call={data}
              diagrams={diagrams.data ?? []}
              selected={selected}
              shown={shown}
              moment={moment}
              onMoment={setMoment}
              onSelect={setSelected}
              onShow={setShown}
            />
          )}
        </section>
        <TimelineList
          entries={entries}
          moment={moment ?? Number.POSITIVE_INFINITY}
          selected={selected}
          onSelect={select}
        />
      </div>
    </Page>
  );
}
