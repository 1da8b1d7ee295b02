import { useEffect, useState } from 'react';
import { useI18n } from '../i18n';
import { moment } from '../lib/format';
import { http } from '../lib/http';
import { Problem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { useSession } from '../lib/session';
import { Confirm } from '../ui/confirm';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { Table } from '../ui/table';

interface Part {
  kind: string;
  key: string;
}

/** What calls to live numbers begin with. */
interface Model extends Part {
  name?: string | null;
  version: number;
  since: string;
  /** Who published it; nobody when it came with the program. */
  by?: string | null;
}

/** What somebody drew and did not publish yet. */
interface Draft {
  id: string;
  name: string;
  models: Part[];
  by: string;
  agent_id: string;
  at: string;
}

const same = (one: Part, other: Part) => one.kind === other.kind && one.key === other.key;

/** The live models that were published after a draft was made, and would be lost with it. */
export function replacedUnseen(draft: Draft, live: Model[]): Model[] {
  return live.filter(
    (model) =>
      Date.parse(model.since) > Date.parse(draft.at) && draft.models.some((part) => same(part, model)),
  );
}

function PartName({ of }: { of: Part }) {
  const { t } = useI18n();
  return (
    <span>
      {t.models.kind[of.kind] ?? of.kind} <code>{of.key}</code>
    </span>
  );
}

function Parts({ of }: { of: Part[] }) {
  return (
    <ul>
      {of.map((part) => (
        <li key={`${part.kind} ${part.key}`}>
          <PartName of={part} />
        </li>
      ))}
    </ul>
  );
}

function Decide({
  draft,
  live,
  onDone,
}: {
  draft: Draft;
  live: Model[];
  onDone: (how: 'published' | 'discarded', act: Promise<unknown>) => Promise<void>;
}) {
  const { t } = useI18n();
  const { user } = useSession();
  const mine = draft.agent_id === user?.id;
  const admin = user?.role === 'admin';
  const lost = replacedUnseen(draft, live);
  const path = `/v1/models/drafts/${encodeURIComponent(draft.id)}`;
  const replaces = Object.fromEntries(lost.map((model) => [model.key, model.version]));

  return (
    <div className="row" role="group" aria-label={draft.name}>
      {mine && !admin ? (
        <span className="hint">{t.models.second}</span>
      ) : (
        <Confirm
          label={t.models.publish}
          question={
            lost.length === 0
              ? t.models.publishSure
              : t.models.replaceSure(
                  lost.map((model) => t.models.version(model.key, model.version)).join(', '),
                )
          }
          yes={t.models.publishYes}
          small
          onYes={() => onDone('published', http.post(`${path}/publish`, { replaces }))}
        />
      )}
      {(mine || admin) && (
        <Confirm
          label={t.models.discard}
          question={t.models.discardSure}
          yes={t.models.discardYes}
          small
          onYes={() => onDone('discarded', http.delete(path))}
        />
      )}
    </div>
  );
}

export function ModelsPage() {
  const { t, language } = useI18n();
  const live = useResource<{ items: Model[] }>('/v1/models');
  const drafts = useResource<{ items: Draft[] }>('/v1/models/drafts');
  const [problem, setProblem] = useState<Problem>();
  const [done, setDone] = useState('');
  const { reload: reloadLive } = live;
  const { reload: reloadDrafts } = drafts;

  // Who comes back from Camunda Modeler finds the draft that was just deployed.
  useEffect(() => {
    const reload = () => {
      reloadLive();
      reloadDrafts();
    };
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, [reloadLive, reloadDrafts]);

  const decide = async (draft: Draft, how: 'published' | 'discarded', act: Promise<unknown>) => {
    setProblem(undefined);
    setDone('');
    try {
      await act;
      setDone(how === 'published' ? t.models.published(draft.name) : t.models.discarded(draft.name));
    } catch (error) {
      setProblem(Problem.of(error));
    }
    reloadLive();
    reloadDrafts();
  };

  const refusal = drafts.problem ?? live.problem;
  const forbidden = refusal?.status === 403;
  const { draftColumns, liveColumns } = t.models;
  const waiting = drafts.data?.items ?? [];
  const published = live.data?.items ?? [];
  return (
    <Page title={t.models.title} lead={t.models.lead} wide>
      <p className="notice notice-good" role="status" hidden={done === ''}>
        {done}
      </p>
      {problem && <ProblemNotice problem={problem} />}
      {refusal && (
        <ProblemNotice
          problem={refusal}
          stale={drafts.data !== undefined}
          {...(forbidden ? {} : { retry: drafts.problem ? reloadDrafts : reloadLive })}
        />
      )}
      {(drafts.loading || live.loading) && !refusal && <Loading />}
      {drafts.data && live.data && (
        <section aria-labelledby="drafts">
          <h2 id="drafts">{t.models.drafts}</h2>
          {waiting.length === 0 ? (
            <div className="panel">
              <Empty title={t.models.noDrafts}>
                <p className="muted">{t.models.noDraftsText}</p>
              </Empty>
            </div>
          ) : (
            <Table caption={t.models.draftsCaption} columns={draftColumns}>
              {waiting.map((draft) => (
                <tr key={draft.id}>
                  <td data-column={draftColumns.name}>
                    <strong>{draft.name}</strong>
                  </td>
                  <td data-column={draftColumns.models}>
                    <Parts of={draft.models} />
                  </td>
                  <td data-column={draftColumns.by}>{draft.by}</td>
                  <td data-column={draftColumns.at}>
                    <time dateTime={draft.at}>{moment(draft.at, language)}</time>
                  </td>
                  <td data-column={draftColumns.decide}>
                    <Decide draft={draft} live={published} onDone={(how, act) => decide(draft, how, act)} />
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </section>
      )}
      {drafts.data && live.data && (
        <section aria-labelledby="live">
          <h2 id="live">{t.models.live}</h2>
          <Table caption={t.models.liveCaption} columns={liveColumns}>
            {published.map((model) => (
              <tr key={`${model.kind} ${model.key}`}>
                <td data-column={liveColumns.name}>
                  <strong>{model.name ?? model.key}</strong>
                </td>
                <td data-column={liveColumns.kind}>
                  <PartName of={model} />
                </td>
                <td data-column={liveColumns.version}>{model.version}</td>
                <td data-column={liveColumns.since}>
                  <time dateTime={model.since}>{moment(model.since, language)}</time>
                </td>
                <td data-column={liveColumns.by}>{model.by ?? t.models.program}</td>
              </tr>
            ))}
          </Table>
        </section>
      )}
    </Page>
  );
}
