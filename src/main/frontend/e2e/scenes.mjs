import { CALL_ID, calls, endedCall, openCall } from './fixtures/call.mjs';
import * as queues from './fixtures/queues.mjs';
import { fixture } from './fixture-server.mjs';

const CHARLES = { id: 'charles', username: 'charles', name: 'Charles', role: 'agent' };
const SUPERVISOR = { username: 'sam', name: 'Sam Supervisor', role: 'supervisor' };
const ADA = { id: 'ada', username: 'ada', name: 'Ada', role: 'analyst', operator: true };
const ADMIN = { username: 'admin', name: 'Administrator', role: 'admin', operator: true };

const ANONYMOUS = { status: 401, problem: { title: 'Not logged in' } };
const FORBIDDEN = { status: 403, problem: { title: 'Forbidden' } };
const THROTTLED = { status: 429, headers: { 'Retry-After': '42' }, problem: { title: 'Too many attempts' } };
const DATABASE_DOWN = {
  status: 503,
  problem: {
    title: 'The database does not answer',
    detail: 'No connection within 2 seconds.',
    remedy: 'Start PostgreSQL, or check SPRING_DATASOURCE_URL.',
  },
};
const NO_CALL = {
  status: 404,
  problem: {
    title: 'No such call',
    detail: 'There is no call none.',
    remedy: 'Look it up in the list of calls.',
  },
};

function scene(user, answers = {}) {
  return {
    streams: ['/v1/events', '/simulator/api/events'],
    answers: {
      'GET /v1/session': user ?? ANONYMOUS,
      'GET /api/health': { status: 'healthy', version: '0.1.0', database: 'up' },
      'GET /v1/agents/charles': { status: 'available', chosen_status: 'available' },
      'PUT /v1/agents/charles/presence': null,
      ...answers,
    },
  };
}

function callScene({ call, diagrams }) {
  return scene(SUPERVISOR, {
    [`GET /v1/calls/${CALL_ID}`]: call,
    [`GET /v1/calls/${CALL_ID}/diagrams`]: diagrams,
  });
}

const leg = fixture('leg');

function simulator(current) {
  return scene(CHARLES, {
    'GET /simulator/api/phones': fixture('phones'),
    'GET /simulator/api/faults': {
      seed: 1,
      rules: [{ on: 'webhook', fault: 'duplicate', probability: 0.5, copies: 2 }],
    },
    'GET /simulator/api/speed': { speed: '1' },
    'GET /simulator/api/calls': { calls: current ? fixture('legs') : [] },
    ...(current ? { [`GET /simulator/api/calls/${current.sid}`]: current } : {}),
    ...(current ? { 'GET /v1/agents/charles': { status: 'busy', chosen_status: 'available' } } : {}),
    'GET /v1/calls': { items: [{ id: CALL_ID }], next: null },
  });
}

const NO_BROWSER_PHONE = {
  status: 409,
  problem: {
    title: 'Conflict',
    detail: 'You have no phone in the browser.',
    remedy:
      'Let an administrator give you an address of the type client with PUT /v1/agents/charles/addresses.',
  },
};

function softphone(call, offers = []) {
  return scene(CHARLES, {
    'POST /v1/agents/charles/phone-token': NO_BROWSER_PHONE,
    'GET /v1/reservations': { items: offers },
    'GET /v1/calls': {
      items: call
        ? [{ ...openCall().call, agent_id: 'charles', connected_at: '2020-01-01T08:00:00Z', ...call }]
        : [],
    },
    [`GET /v1/calls/${CALL_ID}`]: {
      ...openCall().call,
      wrap_up: { mode: 'mandatory', dispositions: ['sold', 'callBack'] },
    },
  });
}

const phoneSaysWhy = (page) => page.waitForSelector('.device .notice');

const OFFER = {
  id: 'r1',
  call_id: CALL_ID,
  agent_id: 'charles',
  caller: '+15550142001',
  queue: 'support',
  waited_seconds: 42,
  expires_at: '2020-01-01T08:00:00Z',
};

const WEBHOOK = fixture('webhooks').items[0];
const TOLD = { ...WEBHOOK, secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' };
const REFUSED = {
  status: 422,
  problem: {
    title: 'Unprocessable Entity',
    detail: 'The URL does not begin with https://.',
    remedy: 'Events are sent over HTTPS only.',
  },
};

function webhooks(answers = {}) {
  return scene(ADMIN, {
    'GET /v1/webhooks': fixture('webhooks'),
    'POST /v1/webhooks': TOLD,
    [`GET /v1/webhooks/${WEBHOOK.id}`]: WEBHOOK,
    [`GET /v1/webhooks/${WEBHOOK.id}/deliveries`]: fixture('deliveries'),
    ...answers,
  });
}

const QUEUE = `/v1/queues/${queues.QUEUE_ID}`;
const NOT_FREE = {
  status: 409,
  problem: {
    title: 'Conflict',
    detail: 'You are in a call, or asked to take one.',
    remedy: 'Call back when you are free; the message waits.',
  },
};

function queueScene(user, answers = {}) {
  return scene(user, {
    'GET /v1/queues': queues.queues,
    [`GET ${QUEUE}`]: queues.settings,
    [`GET ${QUEUE}/statistics`]: queues.now,
    [`GET ${QUEUE}/statistics/intervals`]: queues.history,
    [`GET ${QUEUE}/calls`]: queues.callers,
    'GET /v1/tags': queues.tags,
    'GET /v1/agents': queues.agents,
    ...answers,
  });
}

async function addWebhook(page, url) {
  await page.click('.page-actions button');
  await page.fill('#url', url);
  await page.click('.webhook-form .chip >> nth=1');
  await page.click('.webhook-form .chip >> nth=4');
  await page.click('.webhook-form [type=submit]');
}

function logIn(username, password) {
  return async (page) => {
    await page.fill('#username', username);
    await page.fill('#password', password);
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]');
  };
}

const drawn = (page) => page.waitForSelector('.djs-element.way-visited');

/**
 * Every page in every state worth looking at: its address, what the server answers, what to do before looking, and
 * whether the browser is expected to write refusals of the server into its console.
 */
export const SCENES = [
  { name: 'start', path: '/', scene: scene(null) },
  { name: 'start-agent', path: '/', scene: scene(CHARLES) },
  {
    name: 'start-down',
    path: '/',
    scene: scene(null, { 'GET /api/health': DATABASE_DOWN }),
    refused: true,
  },
  { name: 'login', path: '/login', scene: scene(null) },
  {
    name: 'login-wrong',
    path: '/login?next=%2Fcalls',
    scene: scene(null, { 'POST /v1/session': ANONYMOUS }),
    act: logIn('charles', 'wrong'),
    refused: true,
  },
  {
    name: 'login-throttled',
    path: '/login',
    scene: scene(null, { 'POST /v1/session': THROTTLED }),
    act: logIn('charles', 'wrong'),
    refused: true,
  },
  {
    name: 'login-incomplete',
    path: '/login',
    scene: scene(null),
    act: (page) => page.click('button[type=submit]'),
  },
  {
    name: 'softphone-offer',
    path: '/phone',
    scene: softphone(null, [OFFER]),
    act: phoneSaysWhy,
    refused: true,
  },
  {
    name: 'softphone-held',
    path: '/phone',
    scene: softphone({ state: 'talking', hold: { state: 'holding', since: '2020-01-01T08:00:00Z' } }),
    act: phoneSaysWhy,
    refused: true,
  },
  {
    name: 'softphone-wrap-up',
    path: '/phone',
    scene: softphone({ state: 'wrapping' }),
    act: (page) => page.waitForSelector('#disposition'),
    refused: true,
  },
  { name: 'test-phone-idle', path: '/test-phone', scene: simulator(null) },
  { name: 'test-phone-call', path: `/test-phone?call=${leg.sid}`, scene: simulator(leg) },
  {
    name: 'test-phone-faults',
    path: '/test-phone',
    scene: simulator(null),
    act: (page) => page.click('.network summary'),
  },
  { name: 'test-phone-off', path: '/test-phone', scene: scene(CHARLES), refused: true },
  { name: 'calls', path: '/calls', scene: scene(SUPERVISOR, { 'GET /v1/calls': calls() }) },
  {
    name: 'calls-empty',
    path: '/calls',
    scene: scene(CHARLES, { 'GET /v1/calls': { items: [], next: null } }),
  },
  {
    name: 'calls-problem',
    path: '/calls',
    scene: scene(CHARLES, { 'GET /v1/calls': DATABASE_DOWN }),
    refused: true,
  },
  { name: 'call-open', path: `/calls/${CALL_ID}`, scene: callScene(openCall()), act: drawn },
  { name: 'call-ended', path: `/calls/${CALL_ID}`, scene: callScene(endedCall()), act: drawn },
  {
    name: 'call-replay',
    path: `/calls/${CALL_ID}`,
    scene: callScene(endedCall()),
    act: async (page) => {
      await drawn(page);
      await page.focus('.replay input');
      await page.keyboard.press('Home');
      for (let i = 0; i < 50; i += 1) await page.keyboard.press('ArrowRight');
    },
  },
  {
    name: 'call-unknown',
    path: '/calls/none',
    scene: scene(CHARLES, { 'GET /v1/calls/none': NO_CALL }),
    refused: true,
  },
  {
    name: 'operations',
    path: '/operations',
    scene: scene(ADMIN, { 'GET /v1/operations/dead-letters': fixture('dead-letters') }),
    act: (page) => page.locator('tbody tr:last-child button').last().click(),
  },
  {
    name: 'operations-empty',
    path: '/operations',
    scene: scene(ADMIN, { 'GET /v1/operations/dead-letters': { items: [] } }),
  },
  {
    name: 'operations-forbidden',
    path: '/operations',
    scene: scene(CHARLES, { 'GET /v1/operations/dead-letters': FORBIDDEN }),
    refused: true,
  },
  {
    name: 'models',
    path: '/models',
    scene: scene(ADA, { 'GET /v1/models': fixture('models'), 'GET /v1/models/drafts': fixture('drafts') }),
    act: (page) => page.locator('tbody button').first().click(),
  },
  {
    name: 'queues',
    path: '/queues',
    scene: queueScene(ADMIN),
    act: async (page) => {
      await page.waitForSelector('.level');
      await page.click('.page-actions button');
    },
    refused: true,
  },
  { name: 'queue-now', path: `/queues/${queues.QUEUE_ID}`, scene: queueScene(SUPERVISOR) },
  {
    name: 'queue-statistics',
    path: `/queues/${queues.QUEUE_ID}?show=statistics`,
    scene: queueScene(SUPERVISOR),
    act: (page) => page.waitForSelector('.chart'),
  },
  {
    name: 'queue-settings-refused',
    path: `/queues/${queues.QUEUE_ID}?show=settings`,
    scene: queueScene(ADMIN, { [`PUT ${QUEUE}`]: queues.refusedSettings }),
    act: async (page) => {
      await page.fill('#setting-reservation_timeout_seconds', '0');
      await page.click('.save-bar [type=submit]');
      await page.waitForSelector('.expression mark');
    },
    refused: true,
  },
  {
    name: 'voicemails',
    path: '/voicemails',
    scene: scene(CHARLES, {
      'GET /v1/voicemails': queues.messages,
      [`GET /v1/voicemails/${queues.MESSAGE_ID}`]: queues.attempts,
      [`POST /v1/voicemails/${queues.MESSAGE_ID}/call-back`]: NOT_FREE,
    }),
    act: async (page) => {
      await page.click('.message .button-primary');
      await page.waitForSelector('.message [role=alert]');
      await page.click('.message [aria-expanded] >> nth=0');
      await page.click('.message .chip >> nth=3');
      await page.click('.message [aria-expanded] >> nth=1');
      await page.waitForSelector('.message .attempts');
    },
    refused: true,
  },
  {
    name: 'webhooks-added',
    path: '/webhooks',
    scene: webhooks(),
    act: async (page) => {
      await addWebhook(page, WEBHOOK.url);
      await page.waitForSelector('.secret');
    },
  },
  {
    name: 'webhooks-refused',
    path: '/webhooks',
    scene: webhooks({ 'POST /v1/webhooks': REFUSED }),
    act: async (page) => {
      await addWebhook(page, 'http://crm.example.com/cordboard');
      await page.waitForSelector('#url-wrong');
    },
    refused: true,
  },
  { name: 'webhooks-empty', path: '/webhooks', scene: webhooks({ 'GET /v1/webhooks': { items: [] } }) },
  {
    name: 'webhooks-forbidden',
    path: '/webhooks',
    scene: scene(CHARLES, { 'GET /v1/webhooks': FORBIDDEN }),
    refused: true,
  },
  {
    name: 'webhook-deliveries',
    path: `/webhooks/${WEBHOOK.id}`,
    scene: webhooks(),
    act: async (page) => {
      await page.click('[data-delivery] button >> nth=0');
      await page.locator('main > .row button').last().click();
    },
  },
  {
    name: 'webhook-disabled',
    path: `/webhooks/${WEBHOOK.id}`,
    scene: webhooks({
      [`GET /v1/webhooks/${WEBHOOK.id}`]: {
        ...WEBHOOK,
        enabled: false,
        disabled_because: 'The subscriber answered 410 (gone).',
      },
      [`GET /v1/webhooks/${WEBHOOK.id}/deliveries`]: { items: [], next: null },
    }),
  },
  { name: 'menu', path: '/', scene: scene(SUPERVISOR), act: (page) => page.click('.account-button') },
  {
    name: 'menu-pages',
    path: '/',
    scene: scene(SUPERVISOR),
    act: async (page) => {
      if (await page.isVisible('.menu-button')) await page.click('.menu-button');
    },
  },
  { name: 'not-found', path: '/nowhere', scene: scene(CHARLES) },
];
