import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertSameTemplates, functionsOf, resourceCount, TemplatesDiffer } from '../../bench/templates';

let root: string;
beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'bench-templates-')); });
afterEach(() => rmSync(root, { recursive: true, force: true }));

function assembly(name: string, ...templates: object[]): string {
  const folder = join(root, name);
  mkdirSync(folder);
  templates.forEach((template, i) => writeFileSync(join(folder, `Stack${i}.template.json`), JSON.stringify(template)));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ name }));
  return folder;
}

const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 1, FifoQueue: true } };
const TOPIC = { Type: 'AWS::SNS::Topic' };

describe('two apps deploy the same', () => {
  test('whatever the order in which they say it', () => {
    const reordered = { ...QUEUE, Properties: { FifoQueue: true, DelaySeconds: 1 } };
    const [ours, theirs] = [assembly('a', { Resources: { Q: QUEUE, T: TOPIC } }), assembly('b', { Resources: { T: TOPIC, Q: reordered } })];
    expect(() => assertSameTemplates(ours, theirs)).not.toThrow();
  });

  test.each([
    ['a property differs', [{ Resources: { Q: { ...QUEUE, Properties: { DelaySeconds: 2, FifoQueue: true } } } }], 'Stack0.template.json: Q'],
    ['a resource is missing', [{ Resources: {} }], 'Stack0.template.json: Q'],
    ['a resource is more', [{ Resources: { Q: QUEUE, T: TOPIC } }], 'Stack0.template.json: T'],
    ['a resource is called otherwise', [{ Resources: { Other: QUEUE } }], 'Stack0.template.json: Other'],
    ['something else differs', [{ Resources: { Q: QUEUE }, Parameters: { P: {} } }], 'Stack0.template.json: not among its resources'],
    ['a stack is more', [{ Resources: { Q: QUEUE } }, { Resources: { T: TOPIC } }], 'Stack1.template.json: T'],
    ['there is none', [], 'Stack0.template.json: Q'],
  ])('but not when %s', (_, templates, message) => {
    const [ours, theirs] = [assembly('a', { Resources: { Q: QUEUE } }), assembly('b', ...templates)];
    const compare = () => assertSameTemplates(ours, theirs);
    expect(compare).toThrow(TemplatesDiffer);
    expect(compare).toThrow(message);
  });

  test('and not when neither has a template', () => {
    expect(() => assertSameTemplates(assembly('a'), assembly('b'))).toThrow('there are no templates');
  });
});

test('resources are counted over all stacks', () => {
  expect(resourceCount(assembly('a', { Resources: { Q: QUEUE, T: TOPIC } }, { Resources: { Q: QUEUE } }))).toBe(3);
});

test('functions are found by their handler, with what is known of their environment', () => {
  const Variables = { PLAIN: 'text', NAME: { Ref: 'Table' } };
  const folder = assembly('a', {
    Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'submit.handler', Environment: { Variables } } }, Q: QUEUE },
  });
  expect([...functionsOf(folder)]).toEqual([['submit.handler', { PLAIN: 'text', NAME: 'known-at-deployment' }]]);
});
