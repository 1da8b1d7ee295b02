import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const BUILT = join(here, '..', '..', '..', '..', 'target', 'classes', 'static');
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export function fixture(name) {
  return JSON.parse(readFileSync(join(here, 'fixtures', `${name}.json`), 'utf8'));
}

/**
 * Serves the built pages over recorded answers, so that every page can be looked at in every state without a
 * database, a carrier or an engine.
 *
 * @param scene answers by "METHOD path" (without query): a value, a function of the request that returns one, or
 *     {status, problem}; a path that is missing answers 404. May be changed while the server runs.
 */
export async function serve(scene) {
  const streams = new Map();

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const key = `${request.method} ${pathname}`;
    if (scene.streams?.includes(pathname)) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(':\n\n');
      const open = streams.get(pathname) ?? new Set();
      streams.set(pathname, open.add(response));
      request.on('close', () => open.delete(response));
      return;
    }
    if (key in scene.answers) {
      let body = '';
      for await (const piece of request) body += piece;
      const made = scene.answers[key];
      const answer = typeof made === 'function' ? made(body === '' ? undefined : JSON.parse(body)) : made;
      if (answer?.problem) {
        response.writeHead(answer.status, {
          'Content-Type': 'application/problem+json',
          ...answer.headers,
        });
        response.end(JSON.stringify({ status: answer.status, ...answer.problem }));
      } else if (answer === null) {
        response.writeHead(204).end();
      } else {
        response.writeHead(200, {
          'Content-Type': 'application/json',
          ETag: '"1"',
          'Set-Cookie': 'XSRF-TOKEN=fixture; Path=/',
        });
        response.end(JSON.stringify(answer));
      }
      return;
    }
    if (/^\/(v1|api|simulator)\//.test(pathname)) {
      response.writeHead(404, { 'Content-Type': 'application/problem+json' });
      response.end(
        JSON.stringify({
          status: 404,
          title: 'Not found',
          detail: `There is nothing at ${pathname}.`,
        }),
      );
      return;
    }
    const asked = join(BUILT, normalize(pathname));
    const file =
      extname(pathname) !== '' && asked.startsWith(BUILT) && existsSync(asked)
        ? asked
        : join(BUILT, 'index.html');
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Sends one event to everybody who listens. */
    send(path, data) {
      for (const stream of streams.get(path) ?? []) stream.write(`data: ${JSON.stringify(data)}\n\n`);
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
