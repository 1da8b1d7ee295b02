// What Maven's verify phase checks here: types and format, the tests of the pages' logic, models and forms.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
for (const check of ['lint', 'test', 'lint:models']) {
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
