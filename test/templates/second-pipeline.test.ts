import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { addPipeline, type Kind } from './kinds';
import { changesOf, type TemplateJson } from './replaced';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { userFunction } from '../job-processing-pipeline/fixture';

/** One for a stack, or for an account: the layer, and the role by which API Gateway logs. */
const SHARED = /^JobWorks(NodeLayer|ApiLogging)/;

function template(...pipelines: readonly (readonly [id: string, kind: Kind])[]): TemplateJson {
  const stack = new Stack(new App(), 'Stack');
  pipelines.forEach(([id, kind]) => addPipeline(stack, kind, [id]));
  return Template.fromStack(stack).toJSON();
}

const idsOf = ({ Resources }: TemplateJson) => Object.keys(Resources as object);

describe.each<[Kind, Kind]>([
  ['minimal', 'minimal'],
  ['minimal', 'maximal, API keys'],
  ['maximal, API keys', 'minimal'],
  ['maximal, Cognito', 'calling a function'],
  ['calling a function', 'without an API'],
])('%s, and %s in the same stack', (first, second) => {
  test('adds resources, and changes none of the first', () => {
    const alone = template(['Jobs', first]);
    const both = template(['Jobs', first], ['Other', second]);
    const { added, ...others } = changesOf(alone, both);
    expect(added.length).toBeGreaterThan(20);
    expect(others).toEqual({ removed: [], replaced: [], updated: [] });
    expect(both).toMatchObject({ Resources: alone.Resources as object }); // to the letter, what is shared as well
  });

  test('in whatever order the app names them', () => {
    expect(template(['Other', second], ['Jobs', first])).toEqual(template(['Jobs', first], ['Other', second]));
  });

  test('shares with the first what there is one of, and nothing else', () => {
    const ofSecond = new Set(idsOf(template(['Other', second])));
    const shared = idsOf(template(['Jobs', first])).filter((id) => ofSecond.has(id));
    expect(shared.filter((id) => !SHARED.test(id))).toEqual([]);
  });
});

test('on the same bucket and key, the bucket gets a rule of its own for the second, and is kept', () => {
  const shared = (...ids: string[]): TemplateJson => {
    const stack = new Stack(new App(), 'Stack');
    const given = { bucket: new Bucket(stack, 'Files'), encryptionKey: new Key(stack, 'Key') };
    ids.forEach((id) => new JobProcessingPipeline(stack, id, { ...given, processor: JobProcessor.inFunction(userFunction(stack, `${id}Fn`)) }));
    return Template.fromStack(stack).toJSON();
  };
  const { removed, replaced, updated } = changesOf(shared('Jobs'), shared('Jobs', 'Other'));
  expect([...removed, ...replaced]).toEqual([]);
  expect(updated).toEqual([expect.stringMatching(/^Files.* \(AWS::S3::Bucket\)$/)]);
});
