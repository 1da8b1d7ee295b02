import { strict as assert } from 'node:assert';

const DEMO_NUMBER = '+15550100001';

async function logIn({ page, base, password }, username) {
  await page.goto(`${base}/login`);
  await page.fill('#username', username);
  await page.fill('#password', password);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => url.pathname !== '/login');
}

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
    await logIn(stage, 'charles');
    await page.goto(`${base}/test-phone?to=${encodeURIComponent(DEMO_NUMBER)}`);
    await page.click('.button-call');
    await page.waitForSelector('.screen[data-state=in-progress]');
    await page.waitForSelector('.transcript [data-kind=say]');
    await page.waitForFunction(() => document.activeElement?.classList.contains('keypad'));
    await page.keyboard.press('1');
    await page.waitForSelector('.transcript [data-by=you]');
    await picture('test-phone');
    await page.click('.transcript a[href^="/calls/"]');
    await page.waitForSelector('.djs-element.way-active');
    await picture('call');
    await page.goBack();
    await page.click('.button-hang-up');
    await page.waitForSelector('.screen[data-state=completed]');
  },

  /** An agent takes a call with the forms of Tasklist: accepts, ends it, writes up, and is free again. */
  async tasklist(stage) {
    const { page, context, base, picture } = stage;
    await logIn(stage, 'charles');
    const { csrf_token: csrf, id } = await (await context.request.get(`${base}/v1/session`)).json();
    const headers = { 'X-XSRF-TOKEN': csrf };
    await page.selectOption('.status select', 'available');
    await page.waitForSelector('.status[data-status=available]');
    await picture('available');
    await page.goto(`${base}/camunda/app/tasklist/default/`);
    await page.waitForSelector('text=My tasks');

    const dialled = { headers, data: { from: '+15550149901', to: DEMO_NUMBER, script: ['press 1'] } };
    const { sid } = await (await context.request.post(`${base}/simulator/api/calls`, dialled)).json();
    await fill('Accept call', 'tasklist-accept');
    await fill('Handle call', 'tasklist-talk');
    await fill('Wrap up', 'tasklist-wrap-up');

    const call = await (await context.request.get(`${base}/simulator/api/calls/${sid}`)).json();
    assert.equal(call.where, 'ended');
    await page.waitForFunction(
      (agent) =>
        fetch(`/v1/agents/${agent}`)
          .then((response) => response.json())
          .then(({ status }) => status === 'available'),
      id,
    );

    async function fill(task, title) {
      await page
        .locator('a, h4, h6', { hasText: new RegExp(`^\\s*${task}\\s*$`) })
        .first()
        .click();
      await page.waitForSelector('.fjs-form');
      await picture(title);
      await page
        .locator('button', { hasText: /^\s*Complete\s*$/ })
        .first()
        .click();
    }
  },
};
