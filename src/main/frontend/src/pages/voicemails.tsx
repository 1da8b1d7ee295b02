import { useEffect, useState } from 'react';
import { useI18n } from '../i18n';
import { useNow } from '../lib/clock';
import { http } from '../lib/http';
import { useLive } from '../lib/live';
import { Problem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { useRouter } from '../lib/router';
import { useThrottled } from '../lib/throttle';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { MessageCard } from '../voicemails/card';
import { nextLook, type Message } from '../voicemails/model';

interface Piece {
  items: Message[];
  next?: string | null;
}

const STATES = ['new', 'done', 'dropped'] as const;
type State = (typeof STATES)[number];

/** Messages of callers whom nobody could take: whose work they are, and by when. */
export function VoicemailsPage() {
  const { query } = useRouter();
  const state: State = STATES.find((each) => each === query.get('show')) ?? 'new';
  return <MessageList key={state} state={state} />;
}

function MessageList({ state }: { state: State }) {
  const { t } = useI18n();
  const { go } = useRouter();
  const words = t.voicemails;
  const path = `/v1/voicemails?state=${state}&limit=25`;
  const first = useResource<Piece>(path);
  const [further, setFurther] = useState<Piece>();
  const [problem, setProblem] = useState<Problem>();
  const reload = useThrottled(first.reload, 1000);
  useLive('/v1/events', { event: reload, open: reload });
  const { data, reload: lookAgain } = first;
  useEffect(() => {
    const wait = nextLook(data?.items ?? [], Date.now());
    if (wait === undefined) return;
    const timer = setTimeout(lookAgain, wait);
    return () => clearTimeout(timer);
  }, [data, lookAgain]);
  const now = useNow(state === 'new' && (first.data?.items.length ?? 0) > 0);

  const known = new Map<string, Message>();
  for (const message of [...(first.data?.items ?? []), ...(further?.items ?? [])]) {
    if (!known.has(message.id)) known.set(message.id, message);
  }
  const messages = [...known.values()];
  const next = further ? further.next : first.data?.next;
  const more = async () => {
    if (!next) return;
    setProblem(undefined);
    try {
      const piece = await http.get<Piece>(`${path}&cursor=${encodeURIComponent(next)}`);
      setFurther({ items: [...(further?.items ?? []), ...piece.items], next: piece.next ?? null });
    } catch (error) {
      setProblem(Problem.of(error));
    }
  };

  return (
    <Page title={words.title} lead={words.lead} wide>
      {first.problem && (
        <ProblemNotice problem={first.problem} retry={first.reload} stale={first.data !== undefined} />
      )}
      <fieldset className="chips">
        <legend className="sr-only">{words.filter}</legend>
        {STATES.map((each) => (
          <label key={each} className="chip">
            <input
              type="radio"
              name="show"
              checked={state === each}
              onChange={() =>
                go(each === 'new' ? '/voicemails' : `/voicemails?show=${each}`, { replace: true })
              }
            />
            {words.states[each]}
          </label>
        ))}
        {first.data && (
          <span className="muted" role="status">
            {words.count(messages.length)}
          </span>
        )}
      </fieldset>
      {first.loading && <Loading />}
      {first.data && messages.length === 0 && (
        <div className="panel">
          <Empty title={words.empty[state]![0]}>
            <p className="muted">{words.empty[state]![1]}</p>
          </Empty>
        </div>
      )}
      {messages.length > 0 && (
        <ul className="messages">
          {messages.map((message) => (
            <MessageCard key={message.id} message={message} now={now} />
          ))}
        </ul>
      )}
      {problem && <ProblemNotice problem={problem} />}
      {next && (
        <p>
          <button type="button" className="button" onClick={() => void more()}>
            {words.more}
          </button>
        </p>
      )}
    </Page>
  );
}
