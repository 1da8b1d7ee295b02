// Opens every page in every state, at two widths, in light and dark, over recorded answers. Fails on anything that
// axe finds against WCAG 2.2 AA, on an error in the console, and on a page wider than its window.
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
    { name: '1440', width: 1440, height: 900 },
    { name: '390', width: 390, height: 844 },
];
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch();
const wrong = [];
let looked = 0;

for (const { name, path, scene, act, expectsErrors } of SCENES) {
    if (only && !name.includes(only)) continue;
    const server = await serve(scene);
    for (const view of VIEWS) {
        for (const colorScheme of ['light', 'dark']) {
            for (const locale of colorScheme === 'light' ? ['en-GB', 'de-DE'] : ['en-GB']) {
                const where = `${name} ${view.name} ${colorScheme} ${locale}`;
                const context = await browser.newContext({
                    viewport: { width: view.width, height: view.height },
                    colorScheme,
                    locale,
                    reducedMotion: 'reduce',
                });
                const page = await context.newPage();
                page.on('pageerror', (error) => wrong.push(`${where}: ${error.message}`));
                page.on('console', (message) => {
                    if (
                        message.type() === 'error' &&
                        !(expectsErrors || /status of 401/.test(message.text()))
                    ) {
                        wrong.push(`${where}: ${message.text()}`);
                    }
                });
                await page.goto(server.url + path);
                await page.waitForSelector('h1');
                await page.waitForFunction(() => !document.querySelector('.loading'));
                if (act) await act(page);
                await page.waitForTimeout(250);
                if (folder) {
                    await page.screenshot({
                        path: join(folder, `${name}-${view.name}-${colorScheme}-${locale.slice(0, 2)}.png`),
                        fullPage: true,
                    });
                }
                const wide = await page.evaluate(
                    () => document.documentElement.scrollWidth - window.innerWidth,
                );
                if (wide > 0) wrong.push(`${where}: ${wide} px wider than the window`);
                await page.evaluate(axe);
                const { violations } = await page.evaluate(
                    (values) => window.axe.run(document, { runOnly: { type: 'tag', values } }),
                    STANDARD,
                );
                for (const violation of violations) {
                    for (const node of violation.nodes) {
                        wrong.push(
                            `${where}: ${violation.id} at ${node.target.join(' ')}: ${node.any[0]?.message ?? violation.help}`,
                        );
                    }
                }
                looked += 1;
                await context.close();
            }
        }
    }
    await server.close();
}
await browser.close();

wrong.forEach((line) => console.error(line));
console.log(`${looked} views of ${SCENES.length} scenes: ${wrong.length} findings`);
process.exit(wrong.length === 0 ? 0 : 1);
