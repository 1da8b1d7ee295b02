import {
  createContext,
  use,
  useCallback,
  useEffect,
  useState,
  type AnchorHTMLAttributes,
  type MouseEvent,
  type ReactNode,
} from 'react';

interface Place {
  path: string;
  query: URLSearchParams;
}

interface Router extends Place {
  go: (to: string, how?: { replace?: boolean }) => void;
}

const RouterContext = createContext<Router | null>(null);

function here(): Place {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

/** The pages of this application are moved between without loading anything; all other addresses are loaded. */
const OURS =
  /^\/(?:$|login|phone|test-phone|calls(?:\/[^/]+)?|models|operations|queues(?:\/[^/]+)?|voicemails|webhooks(?:\/[^/]+)?)(?:[?#]|$)/;

/**
 * Where to go after logging in: only within this server, whatever the address bar says.
 *
 * @param next the wish, from the address of the login page
 */
export function safeNext(next: string | null): string {
  if (!next || !next.startsWith('/') || /^\/[/\\]/.test(next) || /[\u0000-\u001f]/.test(next)) return '/';
  return next;
}

export function RouterProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(here);

  useEffect(() => {
    const moved = () => setPlace(here());
    window.addEventListener('popstate', moved);
    return () => window.removeEventListener('popstate', moved);
  }, []);

  const go = useCallback((to: string, how: { replace?: boolean } = {}) => {
    if (!OURS.test(to)) {
      window.location.assign(to);
      return;
    }
    const leaves = new URL(to, window.location.href).pathname !== window.location.pathname;
    window.history[how.replace ? 'replaceState' : 'pushState'](null, '', to);
    setPlace(here());
    if (leaves) window.scrollTo(0, 0);
  }, []);

  return <RouterContext value={{ ...place, go }}>{children}</RouterContext>;
}

export function useRouter(): Router {
  const router = use(RouterContext);
  if (!router) throw new Error('useRouter outside of RouterProvider');
  return router;
}

/** A link between pages of this application: a real link, so that it opens in a new tab like any other. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const { go } = useRouter();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && event.button === 0;
    if (event.defaultPrevented || !plain || rest.target || !OURS.test(href)) return;
    event.preventDefault();
    go(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
