// Plays one scenario against a running application in a real browser.
// Usage: npm run e2e -- <address of the application> <scenario> [folder for screenshots]
// Exit code: 0 it went well, 1 it did not (the reason is printed), 2 there is no browser or no such scenario.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { browserPath, launch } from './browser.mjs';
import { SCENARIOS } from './scenarios.mjs';

const [base, name, folder] = process.argv.slice(2);
const scenario = SCENARIOS[name];
if (!base || !scenario) {
  console.error(
    `Usage: npm run e2e -- <address> <${Object.keys(SCENARIOS).join('|')}> [folder for screenshots]`,
  );
  process.exit(2);
}
if (browserPath === undefined) {
  console.error(
    'There is no Chromium on this machine: install Debian\'s "chromium", or set CHROMIUM to its path.',
  );
  process.exit(2);
}
if (folder) mkdirSync(folder, { recursive: true });

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
context.setDefaultTimeout(30_000);
const page = await context.newPage();
const crashes = [];
page.on('pageerror', (error) => crashes.push(error.message));

/** What a scenario works with: the page, the address, a way to keep a picture. */
const stage = {
  page,
  context,
  base: base.replace(/\/$/, ''),
  password: process.env.CORDBOARD_DEMO_PASSWORD ?? '',
  picture: async (title, of = page) => {
    if (folder) await of.screenshot({ path: join(folder, `${title}.png`), fullPage: true });
  },
};

try {
  await scenario(stage);
  if (crashes.length > 0) throw new Error(`A script of the page failed: ${crashes.join('; ')}`);
  console.log(`${name}: went well`);
} catch (error) {
  await stage.picture(`${name}-failed`).catch(() => {});
  console.error(`${name} at ${page.url()}: ${error.stack}`);
  crashes.forEach((crash) => console.error(`A script of the page failed: ${crash}`));
  process.exitCode = 1;
} finally {
  await browser.close();
}
