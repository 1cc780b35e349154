import {
  AttributeValue, BatchGetItemCommand, ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { batchGet, query } from './fake-dynamodb-queries';

type Item = Record<string, AttributeValue>;

/**
 * As much of DynamoDB as the adapter speaks to: it evaluates the conditions and updates that are really sent.
 * The end-to-end tests run the same contract against a server.
 */
export class FakeDynamoDb {
  readonly items = new Map<string, Item>();
  readonly requests: (GetItemCommand | PutItemCommand | UpdateItemCommand)[] = [];
  readonly queries: QueryCommand[] = [];
  readonly batches: BatchGetItemCommand[] = [];
  /** Items of a batch that are answered with; the rest is left undone. */
  batchSize = Infinity;

  readonly client = { send: async (command: unknown) => this.send(command) } as unknown as Pick<DynamoDBClient, 'send'>;

  private send(command: unknown): unknown {
    if (command instanceof GetItemCommand) {
      this.requests.push(command);
      return { Item: this.items.get(command.input.Key!.job_id.S!) };
    }
    if (command instanceof QueryCommand) {
      this.queries.push(command);
      return query(this.items.values(), command.input);
    }
    if (command instanceof BatchGetItemCommand) {
      this.batches.push(command);
      return batchGet(this.items, command.input, this.batchSize);
    }
    if (!(command instanceof PutItemCommand) && !(command instanceof UpdateItemCommand)) {
      throw new Error('not spoken here');
    }
    this.requests.push(command);
    const job_id = (command instanceof PutItemCommand ? command.input.Item! : command.input.Key!).job_id.S!;
    const stored = this.items.get(job_id);
    const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = command.input;
    this.checkUse(command.input, names, values);
    if (command.input.ConditionExpression !== undefined && !new Condition(command.input.ConditionExpression, names, values, stored ?? {}).holds()) {
      throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {}, Item: stored });
    }
    this.items.set(job_id, command instanceof PutItemCommand
      ? command.input.Item!
      : updated(command.input.UpdateExpression!, names, values, stored ?? command.input.Key!));
    return {};
  }

  /** DynamoDB refuses names and values that are not used, or not given. */
  private checkUse(input: { ConditionExpression?: string; UpdateExpression?: string }, names: object, values: object): void {
    const used = new Set(`${input.ConditionExpression ?? ''} ${input.UpdateExpression ?? ''}`.match(/[#:]\w+/g));
    const given = new Set([...Object.keys(names), ...Object.keys(values)]);
    const wrong = [...used].filter((name) => !given.has(name)).concat([...given].filter((name) => !used.has(name)));
    if (wrong.length > 0) throw new Error(`ValidationException: ${wrong.join(', ')}`);
  }
}

/** OR over AND over comparisons, with parentheses. */
class Condition {
  private readonly tokens: string[];

  constructor(text: string, private readonly names: Record<string, string>, private readonly values: Item, private readonly item: Item) {
    this.tokens = text.match(/attribute_not_exists|contains|size|[#:]\w+|<=|<|=|\(|\)|AND|OR/g) ?? [];
  }

  holds(): boolean {
    const result = this.any();
    if (this.tokens.length > 0) throw new Error(`left over: ${this.tokens.join(' ')}`);
    return result;
  }

  private any(): boolean {
    let result = this.all();
    while (this.accept('OR')) result = this.all() || result;
    return result;
  }

  private all(): boolean {
    let result = this.one();
    while (this.accept('AND')) result = this.one() && result;
    return result;
  }

  private one(): boolean {
    if (this.accept('(')) {
      const inner = this.any();
      this.tokens.shift();
      return inner;
    }
    if (this.accept('attribute_not_exists')) {
      this.tokens.shift();
      const name = this.tokens.shift()!;
      this.tokens.shift();
      return this.item[this.names[name]] === undefined;
    }
    if (this.accept('contains')) {
      const [, name, value] = this.tokens.splice(0, 4);
      return this.item[this.names[name]]?.SS?.includes(this.values[value].S!) ?? false;
    }
    if (this.accept('size')) {
      const [, name, , , value] = this.tokens.splice(0, 5);
      return (this.item[this.names[name]]?.SS?.length ?? Infinity) < Number(this.values[value].N);
    }
    const left = this.item[this.names[this.tokens.shift()!]];
    const operator = this.tokens.shift();
    const right = this.values[this.tokens.shift()!];
    if (left === undefined) return false;
    return operator === '<=' ? Number(left.N) <= Number(right.N) : JSON.stringify(left) === JSON.stringify(right);
  }

  private accept(token: string): boolean {
    return this.tokens[0] === token && this.tokens.shift() !== undefined;
  }
}

function updated(text: string, names: Record<string, string>, values: Item, stored: Item): Item {
  const [, change, members, given] = /^(ADD|DELETE) (#\w+) (:\w+)$/.exec(text) ?? [];
  if (change) {
    return withMembers(stored, names[members], values[given].SS!, change === 'ADD');
  }
  const [, set, remove, add] = /^SET (.*?)(?: REMOVE (.*?))?(?: ADD (.*))?$/.exec(text)!;
  const result = { ...stored };
  for (const assignment of set.split(', ')) {
    const [name, value] = assignment.split(' = ');
    result[names[name]] = values[value];
  }
  for (const name of remove?.split(', ') ?? []) delete result[names[name]];
  for (const addition of add?.split(', ') ?? []) {
    const [name, value] = addition.split(' ');
    result[names[name]] = { N: String(Number(result[names[name]]?.N ?? 0) + Number(values[value].N)) };
  }
  return result;
}

/** A set that has nothing left is no attribute. */
function withMembers(stored: Item, name: string, given: readonly string[], added: boolean): Item {
  const { [name]: before, ...others } = stored;
  const kept = (before?.SS ?? []).filter((member) => !given.includes(member));
  const members = added ? [...kept, ...given] : kept;
  return members.length === 0 ? others : { ...others, [name]: { SS: members } };
}
