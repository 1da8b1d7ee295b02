import { fixture } from './fixture-server.mjs';

const CHARLES = { username: 'charles', name: 'Charles', role: 'agent' };
const SUPERVISOR = { username: 'sam', name: 'Sam Supervisor', role: 'supervisor' };
const ANONYMOUS = { status: 401, problem: { title: 'Not logged in' } };

const LIVE = ['/v1/events', '/simulator/api/events'];

function scene(user, answers = {}) {
    return {
        streams: LIVE,
        answers: {
            'GET /v1/session': user ?? ANONYMOUS,
            'GET /api/health': { status: 'healthy', version: '0.1.0', database: 'up' },
            ...answers,
        },
    };
}

const simulator = (leg) => ({
    'GET /simulator/api/phones': fixture('phones'),
    'GET /simulator/api/faults': {
        seed: 1,
        rules: [{ on: 'webhook', fault: 'duplicate', probability: 0.5, copies: 2 }],
    },
    'GET /simulator/api/speed': { speed: '1' },
    'GET /simulator/api/calls': fixture('legs'),
    ...(leg ? { [`GET /simulator/api/calls/${leg.sid}`]: leg } : {}),
});

const leg = fixture('leg');

/** Every page in every state worth looking at: name, address, what the server answers, what to do before looking. */
export const SCENES = [
    { name: 'start', path: '/', scene: scene(null) },
    { name: 'start-agent', path: '/', scene: scene(CHARLES) },
    {
        name: 'start-down',
        path: '/',
        scene: scene(null, {
            'GET /api/health': {
                status: 503,
                problem: {
                    title: 'The database does not answer',
                    detail: 'No connection within 2 seconds.',
                    remedy: 'Start PostgreSQL, or check SPRING_DATASOURCE_URL.',
                },
            },
        }),
        expectsErrors: true,
    },
    { name: 'login', path: '/login', scene: scene(null) },
    {
        name: 'login-wrong',
        path: '/login?next=%2Fcalls',
        scene: scene(null, { 'POST /v1/session': { status: 401, problem: { title: 'Unauthorized' } } }),
        act: logInAs('charles', 'wrong'),
        expectsErrors: true,
    },
    {
        name: 'login-throttled',
        path: '/login',
        scene: scene(null, {
            'POST /v1/session': {
                status: 429,
                headers: { 'Retry-After': '42' },
                problem: { title: 'Too many attempts' },
            },
        }),
        act: logInAs('charles', 'wrong'),
        expectsErrors: true,
    },
    {
        name: 'login-incomplete',
        path: '/login',
        scene: scene(null),
        act: (page) => page.keyboard.press('Enter').then(() => page.locator('button[type=submit]').click()),
    },
    { name: 'test-phone-idle', path: '/test-phone', scene: scene(CHARLES, simulator(null)) },
    {
        name: 'test-phone-call',
        path: `/test-phone?call=${leg.sid}`,
        scene: scene(CHARLES, {
            ...simulator(leg),
            'GET /v1/calls': { items: [{ id: fixture('call').id }], next: null },
        }),
    },
    {
        name: 'test-phone-faults',
        path: '/test-phone',
        scene: scene(null, simulator(null)),
        act: (page) => page.locator('.network summary').click(),
    },
    { name: 'test-phone-off', path: '/test-phone', scene: scene(CHARLES), expectsErrors: true },
    { name: 'menu', path: '/', scene: scene(SUPERVISOR), act: openMenus },
    { name: 'not-found', path: '/calls/a/b', scene: scene(CHARLES) },
];

function logInAs(username, password) {
    return async (page) => {
        await page.fill('#username', username);
        await page.fill('#password', password);
        await page.click('button[type=submit]');
        await page.waitForSelector('[role=alert]');
    };
}

async function openMenus(page) {
    await page.click('.account-button');
}
