import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = dirname(dirname(fileURLToPath(import.meta.url)));

// The newest version of Camunda 7 that the linter's tables know. Their forms are a subset of 7.24's.
const NEWEST_KNOWN_VERSION = '7.22.0';

/**
 * Camunda's form linter as a function from a form to its reports. It is published for bundlers only (imports
 * without file endings), so it is bundled in memory first.
 */
export async function loadFormLinter() {
  const result = await build({
    root: here,
    configFile: false,
    logLevel: 'silent',
    build: { write: false, ssr: true, rollupOptions: { input: '@camunda/form-linting' } },
    ssr: { noExternal: true },
  });
  const chunk = result.output.find((each) => each.type === 'chunk' && each.isEntry);
  const module = await import(`data:text/javascript;base64,${Buffer.from(chunk.code).toString('base64')}`);
  const linter = new module.FormLinter();
  return (form) => linter.lint({ ...form, executionPlatformVersion: NEWEST_KNOWN_VERSION });
}
