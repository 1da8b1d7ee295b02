// Builds the pages into target/classes/static, and does nothing when neither they nor their tools changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(here, '..', '..', '..', 'target');
const builtStamp = join(target, 'pages.sha256');
const installedStamp = join(here, 'node_modules', '.installed.sha256');

const INPUTS = [
  'index.html',
  'package.json',
  'package-lock.json',
  'public',
  'src',
  'tsconfig.json',
  'vite.config.ts',
];

function filesUnder(path) {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const child = join(path, entry.name);
    return entry.isDirectory() ? filesUnder(child) : [child];
  });
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    hash.update(path.slice(here.length));
    hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

function stampIs(stamp, value) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === value;
}

function run(command) {
  const result = spawnSync(command, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'], shell: true });
  if (result.status !== 0) {
    console.error(`The web pages could not be built: "${command}" failed in ${here}.`);
    console.error('Mend what it says above, or leave the pages out with -Dfrontend.skip=true.');
    process.exit(result.status ?? 1);
  }
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`The web pages are built with Node.js 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

const installed = hashOf([join(here, 'package-lock.json')]);
if (!stampIs(installedStamp, installed)) {
  console.log('Fetching the tools of the web pages (once, and after each change of package-lock.json) …');
  run('npm ci --prefer-offline --no-audit --no-fund --loglevel=error');
  writeFileSync(installedStamp, installed);
}

if (!process.argv.includes('--install-only')) {
  const inputs = INPUTS.flatMap((name) => {
    const path = join(here, name);
    return name.includes('.') ? [path] : filesUnder(path);
  });
  const built = hashOf(inputs);
  if (stampIs(builtStamp, built) && existsSync(join(target, 'classes', 'static', 'index.html'))) {
    console.log('The web pages are up to date.');
  } else {
    run('npm run --silent build -- --logLevel warn');
    mkdirSync(target, { recursive: true });
    writeFileSync(builtStamp, built);
    console.log('The web pages are built.');
  }
}
