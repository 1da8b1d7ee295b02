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

async function send(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  if (method !== 'GET') headers['X-XSRF-TOKEN'] = await csrfToken();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  const response = await fetch(path, init);
  if (response.status === 401 && path !== '/v1/session') loggedOut();
  if (!response.ok) throw await Problem.from(response);
  return response;
}

async function answer<T>(request: Promise<Response>): Promise<T> {
  try {
    const response = await request;
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw Problem.of(error);
  }
}

/** Every request of the pages. Refusals are thrown as {@link Problem}. */
export const http = {
  get: <T>(path: string, signal?: AbortSignal) => answer<T>(send('GET', path, undefined, signal)),
  post: <T = void>(path: string, body?: unknown) => answer<T>(send('POST', path, body)),
  put: <T = void>(path: string, body?: unknown) => answer<T>(send('PUT', path, body)),
  delete: <T = void>(path: string) => answer<T>(send('DELETE', path)),
};
