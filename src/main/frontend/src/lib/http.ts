import { Problem } from './problem';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The value of one cookie out of `document.cookie`. */
export function cookie(name: string, cookies: string): string | undefined {
  for (const pair of cookies.split(';')) {
    const [key, ...value] = pair.trim().split('=');
    if (key === name) return decodeURIComponent(value.join('='));
  }
  return undefined;
}

/**
 * The token that proves that a write comes from these pages. The server hands it out as a cookie with any answer, so
 * one question is asked first when there is none yet.
 */
async function csrfToken(): Promise<string> {
  const known = cookie('XSRF-TOKEN', document.cookie);
  if (known !== undefined) return known;
  await fetch('/v1/session', { headers: { Accept: 'application/json' } });
  return cookie('XSRF-TOKEN', document.cookie) ?? '';
}

/** Called when the server says that nobody is logged in (any more). */
let strangers: () => void = () => {};

export function whenLoggedOut(action: () => void) {
  strangers = action;
}

export function loggedOut() {
  strangers();
}

async function send(
  method: Method,
  path: string,
  body?: unknown,
  { signal, ifMatch }: { signal?: AbortSignal | undefined; ifMatch?: string | undefined } = {},
): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  if (method !== 'GET') headers['X-XSRF-TOKEN'] = await csrfToken();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (ifMatch !== undefined) headers['If-Match'] = ifMatch;
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  const response = await fetch(path, init);
  if (response.status === 401 && path !== '/v1/session') loggedOut();
  if (!response.ok) throw await Problem.from(response);
  return response;
}

/** Something with the mark of the state in which it was read; whoever changes it sends the mark back. */
export interface Tagged<T> {
  data: T;
  etag: string | undefined;
}

async function answer<T>(request: Promise<Response>): Promise<T> {
  return (await tagged<T>(request)).data;
}

async function tagged<T>(request: Promise<Response>): Promise<Tagged<T>> {
  try {
    const response = await request;
    const text = await response.text();
    const data = (text === '' ? undefined : JSON.parse(text)) as T;
    return { data, etag: response.headers.get('ETag') ?? undefined };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw Problem.of(error);
  }
}

/** Every request of the pages. Refusals are thrown as {@link Problem}. */
export const http = {
  get: <T>(path: string, signal?: AbortSignal) => answer<T>(send('GET', path, undefined, { signal })),
  getTagged: <T>(path: string, signal?: AbortSignal) => tagged<T>(send('GET', path, undefined, { signal })),
  post: <T = void>(path: string, body?: unknown) => answer<T>(send('POST', path, body)),
  put: <T = void>(path: string, body?: unknown) => answer<T>(send('PUT', path, body)),
  /** @param ifMatch refused with 412 when the thing is not in this state any more */
  putTagged: <T>(path: string, body: unknown, ifMatch: string | undefined) =>
    tagged<T>(send('PUT', path, body, { ifMatch })),
  delete: <T = void>(path: string, ifMatch?: string) =>
    answer<T>(send('DELETE', path, undefined, { ifMatch })),
};
