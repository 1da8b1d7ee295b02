import { useCallback, useEffect, useRef } from 'react';

/**
 * At once, and then at most once in a while however often it is called: a busy hour must not turn each event into a
 * question to the server. The last call is never lost.
 */
export function useThrottled(action: () => void, milliseconds = 400): () => void {
  const latest = useRef(action);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useRef(false);

  useEffect(() => {
    latest.current = action;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  return useCallback(() => {
    if (timer.current !== undefined) {
      again.current = true;
      return;
    }
    const run = () => {
      again.current = false;
      latest.current();
      timer.current = setTimeout(() => {
        timer.current = undefined;
        if (again.current) run();
      }, milliseconds);
    };
    run();
  }, [milliseconds]);
}
