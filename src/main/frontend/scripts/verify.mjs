// What Maven's verify phase checks here: types and format, the tests of the pages' logic, models and forms, and every
// page in every state in a browser. A machine without a browser leaves the last out, except in CI.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserPath } from '../e2e/browser.mjs';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const looks = browserPath !== undefined || process.env.CI === 'true';
if (!looks) console.warn('There is no Chromium on this machine: nobody looks at the pages.');
for (const check of ['lint', 'test', 'lint:models', ...(looks ? ['pages'] : [])]) {
  const { status } = spawnSync(`npm run --silent ${check}`, {
    cwd: here,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: true,
  });
  if (status !== 0) {
    console.error(`"npm run ${check}" in ${here} found something to mend, see above.`);
    process.exit(status ?? 1);
  }
}
