import { useEffect, useRef, useSyncExternalStore } from 'react';
import { loggedOut } from './http';
import { backOff, EventParser, type StreamEvent } from './sse';

/** How the page hears of changes: not at all (no page needs it), being set up, live, or interrupted. */
export type LiveState = 'off' | 'connecting' | 'live' | 'lost';

const connections = new Map<symbol, LiveState>();
const listeners = new Set<() => void>();

function tell(connection: symbol, state: LiveState | null) {
  if (state === null) connections.delete(connection);
  else connections.set(connection, state);
  listeners.forEach((listener) => listener());
}

/** The worst state wins: the indicator must not say "live" while one of two streams is interrupted. */
function overall(): LiveState {
  const states = [...connections.values()];
  if (states.includes('lost')) return 'lost';
  if (states.includes('connecting')) return 'connecting';
  return states.length > 0 ? 'live' : 'off';
}

/** For the indicator in the head of the page. */
export function useLiveState(): LiveState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, overall);
}

async function listen(
  path: string,
  lastId: string | undefined,
  signal: AbortSignal,
  opened: () => void,
  received: (event: StreamEvent) => void,
): Promise<'again' | 'refused'> {
  const headers: Record<string, string> = { Accept: 'text/event-stream' };
  if (lastId !== undefined) headers['Last-Event-ID'] = lastId;
  const response = await fetch(path, { headers, signal, cache: 'no-store' });
  if (response.status === 401) loggedOut();
  if (response.status === 401 || response.status === 403 || response.status === 404) return 'refused';
  if (!response.ok || !response.body) return 'again';
  opened();
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return 'again';
    parser.push(value).forEach(received);
  }
}

/**
 * Listens to a stream of events as long as the component is shown, and takes it up again after an interruption where
 * it stopped.
 *
 * @param path null listens to nothing
 * @param on.event called for each event
 * @param on.open called when the stream stands; again after each interruption: something may have been missed
 */
export function useLive(path: string | null, on: { event: (event: StreamEvent) => void; open?: () => void }) {
  const handlers = useRef(on);
  useEffect(() => {
    handlers.current = on;
  });

  useEffect(() => {
    if (path === null) return;
    const connection = Symbol(path);
    const abort = new AbortController();
    let lastId: string | undefined;
    let attempt = 0;

    const run = async () => {
      tell(connection, 'connecting');
      while (!abort.signal.aborted) {
        const outcome = await listen(
          path,
          lastId,
          abort.signal,
          () => {
            attempt = 0;
            tell(connection, 'live');
            handlers.current.open?.();
          },
          (event) => {
            lastId = event.id ?? lastId;
            handlers.current.event(event);
          },
        ).catch(() => 'again' as const);
        if (abort.signal.aborted) return;
        if (outcome === 'refused') {
          tell(connection, null);
          return;
        }
        attempt += 1;
        tell(connection, 'lost');
        await new Promise((resolve) => setTimeout(resolve, backOff(attempt)));
      }
    };
    void run();
    return () => {
      abort.abort();
      tell(connection, null);
    };
  }, [path]);
}
