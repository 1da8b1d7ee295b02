// Tells every five seconds that an agent works in this page, so that a browser that has died is offered no calls.
// Loaded by our pages and by Tasklist. A worker keeps the time: a page that nobody looks at runs only once a minute.
(() => {
  let session = {};

  async function whoIsIt(token) {
    if (session.token !== token) {
      const answer = await fetch('/v1/session', { headers: { Accept: 'application/json' } });
      session = answer.ok ? { ...(await answer.json()), token } : { token };
    }
    return session;
  }

  async function beat() {
    const token = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]+)/)?.[1];
    if (!token) return;
    const { id, role } = await whoIsIt(token);
    if (!id || role === 'analyst') return;
    await fetch(`/v1/agents/${id}/presence`, { method: 'PUT', headers: { 'X-XSRF-TOKEN': token } });
  }

  // A server that does not answer is told five seconds later.
  new Worker('/assets/ticker.js').onmessage = () => beat().catch(() => {});
})();
