import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { scenario } from './scenario';
import { JobClient } from '../../job-client/job-client';
import { apiKey } from '../../job-client/signers';
import { EXAMPLE } from '../../support/synthesise';
import { curl, operating } from '../invitation';
import type { Show } from '../show';

const PIPELINE = 'drawings';
const REQUEST = resolve(__dirname, '../../../.cache/demo/bracket.json');

interface Analysis {
  readonly units: string;
  readonly entities: Readonly<Record<string, number>>;
  readonly layers: Readonly<Record<string, unknown>>;
  readonly total_length: number;
}

/** Drawings, analysed by a function in four stages. */
export const DRAWINGS: Show = {
  example: EXAMPLE,
  measures: {
    pipeline: PIPELINE,
    stages: EXAMPLE.stages,
    ofTheHandler: { metric: 'EntitiesMeasured', counts: 'entities measured' },
    mustRing: ['FirstDeadLettered', 'FailureRate'], // a job was given up, and too many failed
  },

  summary(result) {
    const { units, entities, layers, total_length } = result as Analysis;
    const number = Object.values(entities).reduce((sum, count) => sum + count, 0);
    return `${number} entities, ${Object.keys(layers).length} layers, ${total_length} ${units}`;
  },

  async open(deployed) {
    const [url, key] = [deployed.apiUrl(), await deployed.apiKey()];
    const TableName = await deployed.physicalId(EXAMPLE.stack, 'AWS::DynamoDB::Table');
    const dynamoDb = new DynamoDBClient(deployed.cloud.clientConfig);
    return {
      url,
      key,
      client: new JobClient({ url, signer: apiKey(key), submitPath: EXAMPLE.submitPath, statusPath: EXAMPLE.statusPath }),
      acts: scenario(),
      async runsOf(jobId) {
        const { Item } = await dynamoDb.send(new GetItemCommand({ TableName, Key: { job_id: { S: jobId } }, ConsistentRead: true }));
        return Number(Item?.run?.N ?? 0);
      },
      commands: (cloud, jobId) => [
        ['submit a drawing', curl(url, key, EXAMPLE.submitPath, `@${writeRequest()}`)],
        ['read the status of a job, here of the first', curl(url, key, EXAMPLE.statusPath.replace('{job_id}', jobId))],
        ['refused: no drawing', curl(url, key, EXAMPLE.submitPath, "'{}'")],
        ['what an operator sees: jobs that failed', operating(cloud, `jobs list --pipeline ${PIPELINE} --failed-since 1h`)],
      ],
    };
  },
};

/** A drawing as a request, since a DXF file on a command line is a nuisance. @returns where it is */
function writeRequest(): string {
  mkdirSync(join(REQUEST, '..'), { recursive: true });
  writeFileSync(REQUEST, JSON.stringify({ name: 'bracket.dxf', dxf: readFileSync(join(EXAMPLE.folder, 'samples/bracket.dxf'), 'utf8') }));
  return relative(process.cwd(), REQUEST);
}
