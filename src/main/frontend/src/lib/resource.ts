import { useCallback, useEffect, useRef, useState } from 'react';
import { http } from './http';
import { Problem } from './problem';

export interface Resource<T> {
  data: T | undefined;
  problem: Problem | undefined;
  /** True until the first answer or refusal. */
  loading: boolean;
  /** Asks again. Many calls while a question is under way lead to one more question. */
  reload: () => void;
}

/**
 * Something read from the server. What was there stays on screen while it is read again.
 *
 * @param read how, when one question is not enough; always the same function
 */
export function useResource<T>(
  path: string | null,
  read: (path: string, signal: AbortSignal) => Promise<T> = http.get,
): Resource<T> {
  const [state, setState] = useState<{ path: string | null; data?: T; problem?: Problem }>({ path });
  const current = useRef<{ abort: AbortController; again: boolean } | null>(null);

  const load = useCallback(() => {
    if (path === null) return;
    if (current.current) {
      current.current.again = true;
      return;
    }
    const question = { abort: new AbortController(), again: false };
    current.current = question;
    read(path, question.abort.signal)
      .then(
        (data) => setState({ path, data }),
        (error: unknown) => {
          if (question.abort.signal.aborted) return;
          const problem = Problem.of(error);
          setState((before) =>
            before.path === path && before.data !== undefined
              ? { path, data: before.data, problem }
              : { path, problem },
          );
        },
      )
      .finally(() => {
        if (current.current !== question) return;
        current.current = null;
        if (question.again && !question.abort.signal.aborted) load();
      });
  }, [path, read]);

  useEffect(() => {
    load();
    return () => {
      current.current?.abort.abort();
      current.current = null;
    };
  }, [load]);

  const mine = state.path === path;
  return {
    data: mine ? state.data : undefined,
    problem: mine ? state.problem : undefined,
    loading: path !== null && (!mine || (state.data === undefined && state.problem === undefined)),
    reload: load,
  };
}
