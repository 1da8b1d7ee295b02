import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const DEMO_NUMBER = '+15550100001';
const NIGHT_LINE = '+15550100002';

async function logIn({ page, base, password }, username) {
  await page.goto(`${base}/login`);
  await page.fill('#username', username);
  await page.fill('#password', password);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => url.pathname !== '/login');
}

/** What the server says to the person in the browser. */
async function ask({ context, base }, path) {
  return (await context.request.get(base + path)).json();
}

/** Asks until there is an answer. */
async function eventually(what, question) {
  for (const end = Date.now() + 30_000; ; await pause(100)) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`Not within 30 s: ${what}`);
  }
}

/** Lets the agent who is logged in take calls, and returns what the API knows of the agent. */
async function becomeAvailable(stage) {
  await stage.page.selectOption('.status select', 'available');
  await stage.page.waitForSelector('.status[data-status=available]');
  return ask(stage, '/v1/session');
}

/** The page tells that an agent works in it; to be called before it is opened. */
function beatOf(page, agent) {
  return page.waitForResponse(
    (response) => response.url().endsWith(`/v1/agents/${agent}/presence`) && response.status() === 204,
  );
}

/** The work of a call is done. */
function isAvailableAgain(stage, agent) {
  return eventually('The agent is available again', async () => {
    const { status } = await ask(stage, `/v1/agents/${agent}`);
    return status === 'available';
  });
}

const HEADINGS = {
  'Accept call': 'A caller is waiting',
  'Handle call': 'You are talking to the caller',
  'Wrap up': 'Wrap up',
  'Follow up voicemail': 'A message was left',
};

/** Opens a task of Tasklist that waits or will come, and returns its form; what was open before gives way to it. */
async function openTask(tasklist, task) {
  await tasklist
    .locator('a, h4, h6', { hasText: new RegExp(`^\\s*${task}\\s*$`) })
    .first()
    .click();
  return formOf(tasklist, task);
}

async function formOf(tasklist, task) {
  const form = tasklist.locator('.fjs-form', { has: tasklist.locator('h1', { hasText: HEADINGS[task] }) });
  await form.waitFor();
  return form;
}

async function complete(tasklist) {
  await tasklist
    .locator('button', { hasText: /^\s*Complete\s*$/ })
    .first()
    .click();
}

/** Dials from a phone that needs no hand. */
async function dial({ context, base }, csrf, to, script) {
  const dialled = {
    headers: { 'X-XSRF-TOKEN': csrf },
    data: { from: '+15550149901', to, script },
  };
  return (await (await context.request.post(`${base}/simulator/api/calls`, dialled)).json()).sid;
}

/** A server of the customer's that keeps what it is told, and answers with its status. */
async function subscriber() {
  const told = [];
  const receiver = { status: 204, told };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    told.push({ id: request.headers['webhook-id'], signed: 'webhook-signature' in request.headers, body });
    response.writeHead(receiver.status).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${server.address().port}/cordboard`;
  receiver.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return receiver;
}

const ON_DUTY = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="On duty" namespace="http://cordboard.io/test"
    xmlns:camunda="http://camunda.org/schema/1.0/dmn">
  <decision id="on-duty" name="Who is on duty" camunda:historyTimeToLive="P1D">
    <variable id="v" name="who" typeRef="string" /><literalExpression id="l"><text>"Charles"</text></literalExpression>
  </decision>
</definitions>`;

/** Stories of people in front of the pages, by name. The application must run with the demo customer. */
export const SCENARIOS = {
  /** Somebody opens the start page without an account: it says what to do and shows nothing secret. */
  async start({ page, base, picture }) {
    await page.goto(base);
    await page.waitForSelector('.health[data-good=true]');
    assert.equal(await page.locator('.steps > li').count(), 3);
    assert.equal(
      await page.locator('nav >> text=Calls').count(),
      0,
      'there is nothing to see without an account',
    );
    await picture('start');
    await page.goto(`${base}/calls`);
    await page.waitForURL((url) => url.pathname === '/login' && url.searchParams.get('next') === '/calls');
  },

  /** A wrong password is refused in words, the right one leads on; logging out ends it. */
  async login(stage) {
    const { page, base, password, picture } = stage;
    await page.goto(`${base}/login?next=/test-phone`);
    await page.fill('#username', 'charles');
    await page.fill('#password', 'not the password');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert]');
    await picture('login-refused');
    await page.fill('#password', password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/test-phone');
    await page.waitForSelector('.handset');
    await page.click('.account-button');
    await page.locator('.popover button').last().click();
    await page.waitForURL((url) => url.pathname === '/');
    const status = await page.evaluate(() => fetch('/v1/session').then((response) => response.status));
    assert.equal(status, 401, 'nobody is logged in any more');
  },

  /** A call from the test phone: heard step by step, steered with the keypad, seen on its diagram, hung up. */
  async 'test-phone'(stage) {
    const { page, base, picture } = stage;
    await logIn(stage, 'sam');
    await page.goto(`${base}/test-phone?to=${encodeURIComponent(DEMO_NUMBER)}`);
    await page.click('.button-call');
    await page.waitForSelector('.screen[data-state=in-progress]');
    await page.waitForSelector('.transcript [data-kind=say]');
    await page.waitForFunction(() => document.activeElement?.classList.contains('keypad'));
    await page.keyboard.press('1');
    await page.waitForSelector('.transcript [data-by=you]');
    await page.waitForSelector('.transcript >> text=Welcome to Support');
    await picture('test-phone');
    await page.click('.transcript a[href^="/calls/"]');
    await page.waitForSelector('[data-element-id=receiveTask_awaitAgent].way-active');
    await picture('call-waiting');
    await page.goBack();
    await page.click('.button-hang-up');
    await page.waitForSelector('.screen[data-state=completed]');
  },

  /** The first three minutes of a newcomer, as the start page tells them: log in, call, accept, end, look at the call. */
  async newcomer(stage) {
    const { page, context, base, password, picture } = stage;
    await page.goto(base);
    await page.click('.steps a[href="/login"]');
    await page.fill('#username', 'charles');
    await page.fill('#password', password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.steps [data-done=true]');
    const { id } = await becomeAvailable(stage);

    await page.click('.steps a[href^="/test-phone"]');
    await page.click('.button-call');
    await page.waitForSelector('.transcript >> text=Press 1 for support');
    await page.click('.keypad button:has-text("1")');

    const opened = context.waitForEvent('page');
    await page.click('nav a[href^="/camunda/app/tasklist"]');
    const tasklist = await opened;
    const offer = await openTask(tasklist, 'Accept call');
    await offer.locator('text=+15550142001').waitFor();
    await picture('newcomer-offer', tasklist);
    await complete(tasklist);

    await page.bringToFront();
    await page.waitForSelector('.other-phone .button:has-text("Hang up")');
    const call = await page.getAttribute('.transcript a[href^="/calls/"]', 'href');
    await picture('newcomer-talks');
    await page.click('.button-hang-up');
    await page.waitForSelector('.screen[data-state=completed]');

    await tasklist.bringToFront();
    const wrapUp = await openTask(tasklist, 'Wrap up');
    await wrapUp.locator('textarea').fill('Wants the invoice again.');
    await complete(tasklist);
    await isAvailableAgain(stage, id);

    await page.bringToFront();
    await page.click('nav a[href="/calls"]');
    await page.click(`a[href="${call}"]`);
    await page.waitForSelector('.state[data-state=ended], .badge:has-text("Ended")');
    const title = (text) => page.locator('.timeline .entry-title', { hasText: text });
    for (const step of ['Look up number', 'Ask for department', 'Accept call', 'Talk', 'Wrap up']) {
      await title(step).first().waitFor();
    }
    await title('Charles accepts').waitFor();
    await title('Note of Charles').waitFor();
    await page.waitForSelector('[data-element-id=endEvent_callCompleted].way-visited');
    for (const model of ['Queue and reservation', 'Conversation']) {
      await page.click(`.models .chip:has-text("${model}")`);
      await page.waitForSelector('.djs-element.way-visited');
    }
    await page.waitForSelector('[data-element-id=endEvent_wrappedUp].way-visited');
    await picture('newcomer-call');
  },

  /**
   * An agent takes a call with the forms of Tasklist: accepts, ends it, writes up, and is free again. Both our pages and
   * Tasklist tell that somebody is there.
   */
  async tasklist(stage) {
    const { page, context, base, picture } = stage;
    await logIn(stage, 'charles');
    const { csrf_token: csrf, id } = await becomeAvailable(stage);
    await picture('available');
    await beatOf(page, id);
    const beat = beatOf(page, id);
    await page.goto(`${base}/camunda/app/tasklist/default/`);
    await page.waitForSelector('text=My tasks');
    await beat;

    const sid = await dial(stage, csrf, DEMO_NUMBER, ['press 1']);
    for (const [task, title] of [
      ['Accept call', 'tasklist-accept'],
      ['Handle call', 'tasklist-talk'],
      ['Wrap up', 'tasklist-wrap-up'],
    ]) {
      const form = await openTask(page, task);
      await form.locator('text=+15550149901').waitFor();
      await picture(title);
      await complete(page);
    }

    const call = await ask(stage, `/simulator/api/calls/${sid}`);
    assert.equal(call.where, 'ended');
    await isAvailableAgain(stage, id);
  },

  /**
   * S1-48: an agent takes a call in the browser with the genuine SDK, holds and resumes it, presses a key, ends it and
   * writes it up, from the keyboard where it counts.
   */
  async softphone(stage) {
    const { page, context, base, picture } = stage;
    await logIn(stage, 'charles');
    const { csrf_token: csrf } = await becomeAvailable(stage);
    await page.goto(`${base}/phone`);
    await page.waitForSelector('.device[data-state=ready]');
    await page.waitForSelector('.empty');

    const sid = await dial(stage, csrf, DEMO_NUMBER, ['press 1']);
    const caller = () => ask(stage, `/simulator/api/calls/${sid}`);
    const hears = async () => (await caller()).talkingWith.length;
    await page.locator('.offer').waitFor();
    await page.waitForFunction(() => document.activeElement?.matches('.offer .button-call'));
    await picture('softphone-offer');
    await page.keyboard.press('Enter');

    await page.waitForSelector('.talk .controls button:has-text("Mute"):enabled');
    await eventually('The caller hears the agent', async () => (await hears()) === 1);
    await picture('softphone-talk');
    await page.click('button:has-text("Mute")');
    await page.waitForSelector('button[aria-pressed=true]:has-text("Unmute")');

    await page.click('button:text-is("Hold")');
    await page.waitForSelector('.talk[data-hold=held]');
    assert.equal(await hears(), 0, 'who is on hold hears nobody');
    await picture('softphone-held');
    await page.click('button:has-text("Take off hold")');
    await page.waitForSelector('.talk:not([data-hold])');
    await eventually('The caller hears the agent again', async () => (await hears()) === 1);

    await page.click('.controls button:has-text("Keypad")');
    await page.locator('.talk .keypad button').first().focus();
    await page.keyboard.press('5');
    await eventually('The caller hears a key', async () =>
      (await caller()).heard.some(({ kind, text }) => kind === 'tone' && text === '5'),
    );

    await page.click('button:has-text("End call")');
    await page.locator('.wrap-up').waitFor();
    await eventually('The caller is hung up', async () => (await caller()).where === 'ended');
    await page.fill('#disposition', 'resolved');
    await page.click('.wrap-up button[type=submit]');
    await page.waitForSelector('.empty');
    await page.waitForSelector('.device[data-state=ready]');

    await page.click('button:has-text("Turn the phone off")');
    await page.waitForSelector('.device[data-state=off]');
    await context.clearPermissions();
  },

  /** A message left at night becomes a task: its agent listens to it, reads it, and says what was done. */
  async voicemail(stage) {
    const { page, context, base, picture } = stage;
    await logIn(stage, 'charles');
    const { csrf_token: csrf } = await becomeAvailable(stage);
    const sid = await dial(stage, csrf, NIGHT_LINE, ['say please call me back about my invoice', 'press #']);
    const { id } = await eventually('The message becomes a task', async () => {
      const { items } = await ask(stage, `/v1/calls?carrier_call=${sid}`);
      return items.find(({ state }) => state === 'follow_up');
    });
    // Others may have left messages as well: this one's task is opened by its address.
    const tasks = await ask(
      stage,
      `/camunda/api/engine/engine/default/task?processInstanceBusinessKey=${id}`,
    );
    assert.equal(tasks.length, 1);
    await page.goto(`${base}/voicemails`);
    const card = page.locator('.message', { has: page.locator(`a[href="/calls/${id}"]`) });
    await card.locator('blockquote >> text=my invoice').waitFor();
    const length = await card.locator('audio').evaluate(
      (audio) =>
        new Promise((resolve) => {
          audio.onloadedmetadata = () => resolve(audio.duration);
          audio.preload = 'metadata';
          audio.load();
        }),
    );
    assert.ok(length > 1, `the page plays ${length} s`);
    await picture('voicemails');
    await page.goto(
      await card
        .locator('a[href*="tasklist"]')
        .getAttribute('href')
        .then((at) => base + at),
    );
    await page
      .locator('h4, h6, a', { hasText: /^\s*Follow up voicemail\s*$/ })
      .first()
      .click();
    const form = await formOf(page, 'Follow up voicemail');
    await form.locator('text=+15550149901').waitFor();
    const said = form.locator('textarea').first();
    await page.waitForFunction((field) => field.value.includes('my invoice'), await said.elementHandle());
    assert.ok(await said.evaluate((field) => field.readOnly), 'nobody changes what was said');
    await picture('voicemail-task');

    const opened = context.waitForEvent('page');
    await form.locator('a', { hasText: 'Listen' }).click();
    const sound = await opened;
    await sound.waitForFunction(() => document.querySelector('video, audio')?.readyState >= 1);
    const seconds = await sound.evaluate(() => document.querySelector('video, audio').duration);
    assert.ok(seconds > 1, `the message lasts ${seconds} s`);
    const address = sound.url();
    await sound.close();

    await form.locator('label', { hasText: 'Called back' }).click();
    await form.locator('textarea').last().fill('Sent the invoice again.');
    await complete(page);

    const message = address.split('/').at(-2);
    await page.goto(`${base}/calls`);
    await page.click(`a[href="/calls/${id}"]`);
    await page.waitForSelector(`.timeline audio[src="/v1/voicemails/${message}/recording"]`);
    await page.waitForSelector('.timeline >> text=Sent the invoice again.');
    await picture('voicemail-call');
  },

  /**
   * An administrator makes a queue, is told where an expression is wrong, does not undo what somebody else changed
   * meanwhile, sees who waits, and deletes the queue again.
   */
  async queues(stage) {
    const { page, context, base, picture } = stage;
    await logIn(stage, 'alan');
    const { csrf_token: csrf } = await ask(stage, '/v1/session');
    const headers = { 'X-XSRF-TOKEN': csrf };
    await page.click('nav a[href="/queues"]');
    await page.click('.page-actions button');
    await page.fill('#setting-name', 'returns');
    await page.check('#setting-required_tags label:has-text("support") input');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('show') === 'settings');
    const id = new URL(page.url()).pathname.split('/').at(-1);

    await page.fill('#setting-expression', 'levels.support => 3');
    await page.fill('#setting-reservation_timeout_seconds', '1,5');
    await page.selectOption('[aria-label="Unit of: Time to answer an offer"]', { label: 'minutes' });
    await page.click('.save-bar [type=submit]');
    await page.waitForSelector('.expression mark:text(">")');
    await page.waitForFunction(() => document.activeElement?.classList.contains('attention'));
    await picture('queue-refused');

    const settings = await ask(stage, `/v1/queues/${id}`);
    const others = { ...settings, maximum_wait_seconds: 90 };
    await context.request.put(`${base}/v1/queues/${id}`, { headers, data: others });
    await page.fill('#setting-expression', 'levels.support > 3');
    await page.click('.save-bar [type=submit]');
    await page.click('text=Load theirs and keep my changes');
    await page.waitForSelector('[role=status] >> text=They changed: Longest wait.');
    await page.click('.save-bar [type=submit]');
    await page.waitForSelector('[role=status] >> text=The settings are saved');
    const saved = await ask(stage, `/v1/queues/${id}`);
    assert.deepEqual(
      saved,
      { ...others, expression: 'levels.support > 3', reservation_timeout_seconds: 90 },
      'theirs and mine, and nothing else',
    );

    await page.click('.views >> text=Statistics');
    await page.waitForSelector('.empty-title');
    await page.click('.views >> text=Settings');
    await page.click('button:has-text("Delete the queue")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=status] >> text=The queue is deleted');

    await context.request.put(`${base}/simulator/api/speed`, { headers, data: { speed: '20' } });
    const sid = await dial(stage, csrf, DEMO_NUMBER, ['press 1']);
    const { items } = await ask(stage, '/v1/queues');
    const support = items.find(({ name }) => name === 'support').id;
    const call = await eventually('Somebody waits', async () => {
      const waiting = await ask(stage, `/v1/queues/${support}/calls`);
      return waiting.items.at(-1)?.call_id;
    });
    await page.click(`a[href="/queues/${support}"]`);
    await page.waitForSelector(`tr:has(a[href="/calls/${call}"])`);
    await picture('queue-now');
    await context.request.post(`${base}/simulator/api/calls/${sid}/hangup`, { headers });
    await page.waitForSelector(`a[href="/calls/${call}"]`, { state: 'detached' });
  },

  /** An administrator tells a server of theirs what happens: adds it, tries it, sees it fail, mends it, and sends again. */
  async webhooks(stage) {
    const { page, context, base, picture } = stage;
    const receiver = await subscriber();
    try {
      await logIn(stage, 'admin');
      await page.click('nav a[href="/webhooks"]');
      await page.waitForSelector('.page-actions button');
      await page.click('.page-actions button');
      await page.fill('#url', 'http://crm.example.com/cordboard');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#url-wrong >> text=https://');
      await page.fill('#url', receiver.url);
      await page.keyboard.press('Enter');
      const secret = await page.locator('code.secret').innerText();
      assert.match(secret, /^whsec_/);
      await picture('webhook-added');

      await page.locator('a[href^="/webhooks/"]', { hasText: 'test event' }).click();
      await page.waitForSelector(`.facts >> text=${receiver.url}`);
      assert.ok(!(await page.content()).includes(secret), 'the secret is told once');
      await page.click('text=Send a test event');
      const row = page.locator('[data-delivery]');
      await row.locator('[data-state=delivered]').waitFor();
      await page.waitForSelector('[role=status] >> text=webhook_test: delivered');
      assert.ok(receiver.told[0].signed);

      receiver.status = 500;
      await row.locator('text=Redeliver').click();
      await row.locator('[data-state=pending]').waitFor();
      await row.locator('text=HTTP 500').waitFor();
      await page.waitForSelector('.page-head [data-state=failing]');
      await picture('webhook-failing');

      receiver.status = 204;
      await row.locator('text=Try now').click();
      await row.locator('[data-state=delivered]').waitFor();
      await page.waitForSelector('.page-head [data-state=enabled]');
      assert.equal(await row.count(), 1);
      assert.equal(new Set(receiver.told.map(({ id }) => id)).size, 1, 'the same message each time');
      await row.locator('text=Payload').click();
      const payload = JSON.parse(await page.locator('.details pre').innerText());
      assert.deepEqual(payload, JSON.parse(receiver.told[0].body), 'what is shown is what was sent');

      const { id, csrf_token: csrf } = await ask(stage, '/v1/session');
      const becomes = (status) =>
        context.request.put(`${base}/v1/agents/${id}/status`, {
          headers: { 'X-XSRF-TOKEN': csrf },
          data: { status },
        });
      await becomes('away');
      await row.locator('code:text("agent_status_updated")').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('tr [data-state=delivered]').length === 2);
      await becomes('offline');

      await page.click('main button:has-text("Delete")');
      await page.keyboard.press('Enter');
      await page.waitForURL(`${base}/webhooks`);
      await page.waitForSelector('[role=status] >> text=The webhook is deleted');
      assert.equal(await page.locator(`text=${receiver.url}`).count(), 0);
    } finally {
      receiver.close();
    }
  },

  /** What one analyst deployed, another one publishes. */
  async models(stage) {
    const { page, context, base, password, picture } = stage;
    const draft = 'a draft to be published';
    const deployed = await context.request.post(`${base}/engine-rest/deployment/create`, {
      headers: { Authorization: `Basic ${Buffer.from(`ada:${password}`).toString('base64')}` },
      multipart: {
        'deployment-name': draft,
        'on-duty.dmn': { name: 'on-duty.dmn', mimeType: 'text/xml', buffer: Buffer.from(ON_DUTY) },
      },
    });
    assert.equal(deployed.status(), 200, await deployed.text());
    const row = page.locator('tr', { hasText: draft });

    await logIn(stage, 'ada');
    await page.click('nav a[href="/models"]');
    await row.locator('text=somebody else publishes it').waitFor();
    assert.equal(
      await row.locator('button').count(),
      1,
      'one discards and does not publish what is one’s own',
    );
    await context.clearCookies();

    await logIn(stage, 'grace');
    await page.click('nav a[href="/models"]');
    await row.locator('button', { hasText: 'Publish' }).click();
    await picture('models');
    await row.locator('button', { hasText: 'Yes, publish' }).click();
    await page.locator('[role=status]', { hasText: `${draft} is live` }).waitFor();
    await page.locator('tr', { hasText: 'on-duty' }).locator('text=Grace').waitFor();
    await row.waitFor({ state: 'detached' });
  },
};
