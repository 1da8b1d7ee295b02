// Checks what analysts draw: every process with bpmnlint (.bpmnlintrc), every form with Camunda's form linter,
// every element template against Camunda's schema. Errors fail, warnings are told.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validateAll as validateTemplates } from '@bpmn-io/element-templates-validator';
import { BpmnModdle } from 'bpmn-moddle';
import Linter from 'bpmnlint/lib/linter.js';
import NodeResolver from 'bpmnlint/lib/resolver/node-resolver.js';
import { checkForm } from './form-rules.mjs';
import { loadFormLinter } from './form-linter.mjs';

const require = createRequire(import.meta.url);
const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = process.argv[2] ?? join(here, '..', '..', '..');

function files(folder, extension) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(path, name))
    .sort();
}

/** One line for each thing to mend: file, element, what is wrong. */
const lines = [];
function report(file, element, message) {
  lines.push(`${relative(root, file)}  ${element ?? ''}  ${message}`);
}

async function checkProcesses(paths) {
  const moddle = new BpmnModdle({ camunda: require('camunda-bpmn-moddle/resources/camunda.json') });
  const config = JSON.parse(readFileSync(join(here, '.bpmnlintrc'), 'utf8'));
  for (const path of paths) {
    try {
      // A rule remembers the ids it has seen, and two models may use the same ones.
      const linter = new Linter({ config, resolver: new NodeResolver({ require }) });
      const { rootElement, warnings } = await moddle.fromXML(readFileSync(path, 'utf8'));
      warnings.forEach((warning) => report(path, warning.element?.id, warning.message));
      const results = await linter.lint(rootElement);
      for (const [rule, reports] of Object.entries(results)) {
        reports.forEach((each) => report(path, each.id, `${each.message} (${rule})`));
      }
    } catch (error) {
      report(path, null, `cannot be read: ${error.message}`);
    }
  }
}

async function checkForms(paths) {
  if (paths.length === 0) return;
  const lint = await loadFormLinter();
  const ids = new Map();
  for (const path of paths) {
    let form;
    try {
      form = JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      report(path, null, `is not JSON: ${error.message}`);
      continue;
    }
    if (ids.has(form.id)) report(path, form.id, `has the id of ${ids.get(form.id)}`);
    ids.set(form.id, basename(path));
    checkForm(form).forEach(({ element, message }) => report(path, element, message));
    lint(form).forEach(({ id, message }) => report(path, id, message));
  }
}

function checkTemplates(paths) {
  for (const path of paths) {
    try {
      const content = JSON.parse(readFileSync(path, 'utf8'));
      const { results } = validateTemplates(Array.isArray(content) ? content : [content]);
      for (const { valid, object, errors } of results) {
        if (!valid) errors.forEach((error) => report(path, object?.id, error.message));
      }
    } catch (error) {
      report(path, null, `cannot be read: ${error.message}`);
    }
  }
}

const processes = files('processes', '.bpmn');
const forms = files('forms', '.form');
const templates = files(join('.camunda', 'element-templates'), '.json');
await checkProcesses(processes);
await checkForms(forms);
checkTemplates(templates);

lines.sort().forEach((line) => console.error(line));
console.log(
  `${processes.length} processes, ${forms.length} forms, ${templates.length} element templates checked: ` +
    `${lines.length} things to mend`,
);
process.exit(lines.length === 0 ? 0 : 1);
