import { Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { jobIndexes } from './jobs-table';
import { claimantOf } from '../internal/claims';
import type { PropRules } from '../internal/prop-rules';
import { TABLE } from '../runtime/wire/table';

interface KeyElement {
  readonly attributeName: string;
  readonly keyType: string;
}

/** What is looked at of a table, as CloudFormation will see it: a `Table` and a `TableV2` say it alike. */
interface TableShape {
  readonly keySchema?: readonly KeyElement[];
  readonly attributeDefinitions?: ReadonlyArray<{ readonly attributeName: string; readonly attributeType: string }>;
  readonly globalSecondaryIndexes?: ReadonlyArray<{ readonly indexName: string; readonly keySchema: readonly KeyElement[] }>;
  readonly timeToLiveSpecification?: { readonly attributeName?: string };
}

const FIX = 'use the table of a JobsTable, which has all that jobs need';

/** What a given table lacks; nothing where it is imported, and cannot be seen. */
export function checkTable(rules: PropRules, scope: Construct, table: dynamodb.ITable | undefined): void {
  if (!table) {
    return;
  }
  const owner = claimantOf(scope, tableClaim(scope, table));
  rules.check(owner === undefined, {
    rule: 'store: the table must be one that no other pipeline of this app has',
    value: owner?.node.path,
    fix: 'give each pipeline a table of its own',
  });
  const shape = shapeOf(table);
  if (shape) {
    checkShape(rules, shape);
  }
}

/** What a pipeline claims of a table. */
export function tableClaim(scope: Construct, table: dynamodb.ITable): string {
  return `table ${shapeOf(table) ? table.node.path : JSON.stringify(Stack.of(scope).resolve([table.env, table.tableName]))}`;
}

function checkShape(rules: PropRules, shape: TableShape): void {
  const types = new Map(shape.attributeDefinitions?.map(({ attributeName, attributeType }) => [attributeName, attributeType]));
  const keys = (schema: readonly KeyElement[] = []) => schema.map(({ attributeName }) => `${attributeName} (${types.get(attributeName)})`).join(', ');

  const key = `${TABLE.key} (S)`;
  rules.check(keys(shape.keySchema) === key, {
    rule: `store: the key of the table must be ${key} alone`,
    value: keys(shape.keySchema),
    fix: FIX,
  });
  const { attributeName } = shape.timeToLiveSpecification ?? {};
  rules.check(attributeName === TABLE.ttl, {
    rule: `store: the time-to-live attribute of the table must be ${TABLE.ttl}: records are kept for ever without`,
    value: attributeName,
    fix: `set timeToLiveAttribute to '${TABLE.ttl}'`,
  });
  for (const { name, partition, sort } of jobIndexes()) {
    const index = shape.globalSecondaryIndexes?.find(({ indexName }) => indexName === name);
    const needed = `${partition} (S), ${sort} (N)`;
    rules.check(index !== undefined && keys(index.keySchema) === needed, {
      rule: `store: the table must have an index named ${name} with the keys ${needed}`,
      value: index && keys(index.keySchema),
      fix: FIX,
    });
  }
}

function shapeOf(table: dynamodb.ITable): TableShape | undefined {
  const resource = table.node.defaultChild;
  return resource && Stack.of(table).resolve(pick(resource as unknown as TableShape));
}

/** The resource has more, much of which cannot be resolved alone. */
function pick({ keySchema, attributeDefinitions, globalSecondaryIndexes, timeToLiveSpecification }: TableShape): TableShape {
  return { keySchema, attributeDefinitions, globalSecondaryIndexes, timeToLiveSpecification };
}
