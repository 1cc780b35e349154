import { DynamoDBClient, GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { JobRecord } from '../../src/runtime/protocol/record';
import { toRecord } from '../../src/runtime/store/dynamodb/item';
import type { LocalCloud } from '../local-cloud/local-cloud';

/** The jobs of a table, as they stand in it: not what the pipeline says of them. */
export class Records {
  private readonly client: DynamoDBClient;

  constructor(cloud: LocalCloud, private readonly table: string) {
    this.client = new DynamoDBClient(cloud.clientConfig);
  }

  public async read(job_id: string): Promise<JobRecord | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key: { job_id: { S: job_id } }, ConsistentRead: true }));
    return Item && toRecord(Item);
  }

  public async all(): Promise<JobRecord[]> {
    const records: JobRecord[] = [];
    for await (const { Items = [] } of paginateScan({ client: this.client }, { TableName: this.table, FilterExpression: 'attribute_exists(#s)', ExpressionAttributeNames: { '#s': 'status' } })) {
      records.push(...Items.map(toRecord));
    }
    return records;
  }

  /** How many jobs are not over. */
  public async open(): Promise<number> {
    const pages = paginateScan({ client: this.client }, {
      TableName: this.table,
      FilterExpression: '#s IN (:q, :p)',
      Select: 'COUNT',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':q': { S: 'queued' }, ':p': { S: 'processing' } },
    });
    let count = 0;
    for await (const page of pages) count += page.Count ?? 0;
    return count;
  }
}
