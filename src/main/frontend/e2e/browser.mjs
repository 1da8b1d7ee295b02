import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CANDIDATES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Where the browser is, or undefined on a machine without one. */
export const browserPath = CANDIDATES.find((path) => path && existsSync(path));

/** Starts the machine's own Chromium, without anything that asks the network for what the tests do not need. */
export function launch() {
  if (browserPath === undefined) {
    throw new Error(
      'There is no Chromium on this machine: install Debian\'s "chromium", or set CHROMIUM to its path.',
    );
  }
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A microphone that beeps, given without a question.
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
}
