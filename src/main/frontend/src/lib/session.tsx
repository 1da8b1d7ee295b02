import { createContext, use, useCallback, useEffect, useState, type ReactNode } from 'react';
import { http, whenLoggedOut } from './http';
import { Problem } from './problem';

export type Role = 'agent' | 'supervisor' | 'analyst' | 'admin' | 'guest';

export interface User {
  id: string;
  username: string;
  name: string;
  /** Whose house this is. */
  customer_name?: string;
  role: Role;
  /** Whether that house runs the installation. */
  operator?: boolean;
}

type State = { kind: 'unknown' } | { kind: 'anonymous' } | { kind: 'user'; user: User };

interface Session {
  state: State;
  user: User | undefined;
  logIn: (username: string, password: string) => Promise<void>;
  logOut: () => Promise<void>;
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<State>({ kind: 'unknown' });

  const refresh = useCallback(async () => {
    try {
      const user = await http.get<User>('/v1/session');
      setState(user?.username ? { kind: 'user', user } : { kind: 'anonymous' });
    } catch {
      setState({ kind: 'anonymous' });
    }
  }, []);

  useEffect(() => {
    whenLoggedOut(() => setState({ kind: 'anonymous' }));
    void refresh();
  }, [refresh]);

  const logIn = useCallback(
    async (username: string, password: string) => {
      await http.post('/v1/session', { username, password });
      await refresh();
    },
    [refresh],
  );

  const logOut = useCallback(async () => {
    try {
      await http.delete('/v1/session');
    } catch (error) {
      if (Problem.of(error).status !== 401) throw error;
    }
    setState({ kind: 'anonymous' });
  }, []);

  return (
    <SessionContext value={{ state, user: state.kind === 'user' ? state.user : undefined, logIn, logOut }}>
      {children}
    </SessionContext>
  );
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession outside of SessionProvider');
  return session;
}

/** What each role finds in the navigation. The server decides again at each request. */
export function mayOperate(user: User | undefined): boolean {
  return user?.operator === true && (user.role === 'supervisor' || user.role === 'admin');
}

/** Who takes calls all day finds their phone in the navigation. */
export function mayTakeCalls(user: User | undefined): boolean {
  return user?.role === 'agent' || user?.role === 'supervisor';
}

/** Retrying and dismissing changes what callers get. */
export function mayDecide(user: User | undefined): boolean {
  return user?.role === 'admin';
}

/** Models are shared by all customers: whoever runs the installation draws and publishes them. */
export function mayModel(user: User | undefined): boolean {
  return user?.operator === true && (user.role === 'analyst' || user.role === 'admin');
}

/** Agents, tags, queues and webhooks of the customer. */
export function mayAdminister(user: User | undefined): boolean {
  return user?.role === 'admin' || user?.role === 'guest';
}

/** Everybody's calls, figures and messages. */
export function maySupervise(user: User | undefined): boolean {
  return user?.role === 'supervisor' || mayAdminister(user);
}

/** Messages are the work of those who take calls. */
export function mayWorkOnMessages(user: User | undefined): boolean {
  return user?.role === 'agent' || maySupervise(user);
}

/** Cockpit shows every call of everybody. */
export function mayInspect(user: User | undefined): boolean {
  return user?.operator === true && user.role !== 'agent' && user.role !== 'guest';
}
