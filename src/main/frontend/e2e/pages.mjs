// Opens every page in every state, wide in English, light and dark, and narrow in German, over recorded answers. Fails
// on anything that axe finds against WCAG 2.2 AA, on an error in the console, and on a page wider than its window.
// Usage: npm run pages -- [folder for screenshots] [part of a scene's name]
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { serve } from './fixture-server.mjs';
import { SCENES } from './scenes.mjs';

const [folder, only] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const VIEWS = [
  { width: 1440, height: 900, locale: 'en-GB', dark: true },
  { width: 390, height: 844, locale: 'de-DE', dark: false },
];
const STANDARD = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};
// The other colours change nothing but the contrast, at any width.
const CONTRAST = { type: 'rule', values: ['color-contrast'] };

if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch();
const wrong = [];
let looked = 0;

async function look(page, name, width, colorScheme, runOnly) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const { violations } = await page.evaluate((only) => window.axe.run(document, { runOnly: only }), runOnly);
  for (const { id, help, nodes } of violations) {
    const first = `${nodes[0].target.join(' ')}: ${nodes[0].any[0]?.message ?? help}`;
    wrong.push(`${name} ${width} ${colorScheme}: ${id}, ${nodes.length} times, first at ${first}`);
  }
  if (folder) {
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
  }
  looked += 1;
}

/** Each scene has a server of its own, so two can be looked at side by side. */
async function lookAt(scenes, { width, height, locale, dark }) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  for (const { name, path, scene, act, refused } of scenes) {
    const server = await serve(scene);
    const page = await context.newPage();
    page.on('pageerror', (error) => wrong.push(`${name} ${width}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !refused && !/status of 401/.test(message.text())) {
        wrong.push(`${name} ${width}: ${message.text()}`);
      }
    });
    try {
      await page.goto(server.url + path);
      await page.waitForSelector('h1');
      await page.waitForFunction(() => !document.querySelector('.loading'));
      if (act) await act(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) wrong.push(`${name} ${width}: ${wide} px wider than the window`);
      await page.evaluate(axe);
      await look(page, name, width, 'light', STANDARD);
      if (dark) await look(page, name, width, 'dark', CONTRAST);
    } catch (error) {
      wrong.push(`${name} ${width}: ${error.message}`);
    }
    await page.close();
    await server.close();
  }
  await context.close();
}

const scenes = SCENES.filter(({ name }) => !only || name.includes(only));
for (const view of VIEWS) {
  await Promise.all(
    [0, 1].map((half) =>
      lookAt(
        scenes.filter((_, n) => n % 2 === half),
        view,
      ),
    ),
  );
}
await browser.close();

wrong.forEach((line) => console.error(line));
console.log(`${looked} views of ${scenes.length} scenes: ${wrong.length} findings`);
process.exit(wrong.length === 0 ? 0 : 1);
