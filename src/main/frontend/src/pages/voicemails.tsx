import { useEffect, useRef, useState } from 'react';
import { useI18n } from '../i18n';
import { useNow } from '../lib/clock';
import { useLive } from '../lib/live';
import { usePieces } from '../lib/pieces';
import { useRouter } from '../lib/router';
import { useThrottled } from '../lib/throttle';
import { Empty, Loading, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { MessageCard } from '../voicemails/card';
import { nextLook, type Message } from '../voicemails/model';

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
  const [done, setDone] = useState('');
  const status = useRef<HTMLParagraphElement>(null);
  const list = usePieces<Message>(`/v1/voicemails?state=${state}&limit=25`);
  const reload = useThrottled(list.reload, 1000);
  useLive('/v1/events', { event: reload, open: reload });
  const { data, reload: lookAgain } = list;
  useEffect(() => {
    const wait = nextLook(data?.items ?? [], Date.now());
    if (wait === undefined) return;
    const timer = setTimeout(lookAgain, wait);
    return () => clearTimeout(timer);
  }, [data, lookAgain]);
  const now = useNow(state === 'new' && (list.data?.items.length ?? 0) > 0);

  const messages = data?.items ?? [];

  // What was finished takes its button along: the keyboard goes on here.
  useEffect(() => {
    if (done !== '') status.current?.focus();
  }, [done]);

  return (
    <Page title={words.title} lead={words.lead} wide>
      <p className="notice notice-good" role="status" tabIndex={-1} ref={status} hidden={done === ''}>
        {done}
      </p>
      {list.problem && (
        <ProblemNotice problem={list.problem} retry={list.reload} stale={list.data !== undefined} />
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
        {list.data && (
          <span className="muted" role="status">
            {words.count(messages.length)}
          </span>
        )}
      </fieldset>
      {list.loading && <Loading />}
      {list.data && messages.length === 0 && (
        <div className="panel">
          <Empty title={words.empty[state]![0]}>
            <p className="muted">{words.empty[state]![1]}</p>
          </Empty>
        </div>
      )}
      {messages.length > 0 && (
        <ul className="messages">
          {messages.map((message) => (
            <MessageCard
              key={message.id}
              message={message}
              now={now}
              onFinished={(what) => {
                setDone(what);
                list.reload();
              }}
            />
          ))}
        </ul>
      )}
      {list.data?.next && (
        <p>
          <button type="button" className="button" onClick={list.more}>
            {words.more}
          </button>
        </p>
      )}
    </Page>
  );
}
