/** What this house asks of a form beyond what Camunda's linter looks at. */

const WITHOUT_VALUE = new Set(['text', 'html', 'image', 'separator', 'spacer', 'button', 'group', 'iframe']);
const LABELLED_ELSEWHERE = new Set(['text', 'html', 'image', 'separator', 'spacer']);

function* componentsOf(node) {
  for (const component of node.components ?? []) {
    yield component;
    yield* componentsOf(component);
  }
}

export function checkForm(form) {
  const found = [];
  const say = (element, message) => found.push({ element, message });

  if (form.type !== 'default') say(null, 'is not a Camunda form: "type" must be "default"');
  if (typeof form.id !== 'string' || form.id === '')
    say(null, 'has no id; user tasks refer to a form by its id');
  if (form.executionPlatform !== 'Camunda Platform' || !/^7\./.test(form.executionPlatformVersion ?? '')) {
    say(
      null,
      'is not for Camunda 7: set "executionPlatform": "Camunda Platform", "executionPlatformVersion": "7.24.0"',
    );
  }

  const keys = new Set();
  for (const component of componentsOf(form)) {
    const name = component.key ?? component.id ?? component.type;
    if (!WITHOUT_VALUE.has(component.type)) {
      if (!/^[a-z][A-Za-z0-9]*$/.test(component.key ?? '')) {
        say(name, 'needs a key that is the name of a process variable (camelCase)');
      } else if (keys.has(component.key)) {
        say(name, 'has a key that another field of this form has as well');
      }
      keys.add(component.key);
    }
    const label = component.label ?? component.dateLabel ?? component.timeLabel;
    if (!LABELLED_ELSEWHERE.has(component.type) && !label) {
      say(name, 'has no label, so a screen reader has nothing to read');
    }
  }
  return found;
}
