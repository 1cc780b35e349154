import { Lazy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { checkArgument } from '../internal/arguments';
import { PropRules } from '../internal/prop-rules';
import { structKind, TEXT } from '../internal/value-kinds';

/** A function has 4 KB for its environment: so much of it is for customers, each key with a name and an id of ten characters. */
const CUSTOMERS_BYTES = 1_024;
const ENTRY_BYTES = 16;

/** A customer's API key. */
export interface CustomerOptions {
  /**
   * The name of a further key of the same customer, for replacing one without a pause: 1 to 64 letters, digits, dots, dashes and underscores.
   *
   * @default - none: the customer's first key
   */
  readonly keyName?: string;
}

const NAME = { ...TEXT, write: "'acme'", note: 'with a name of your own' };
const OPTIONS = structKind<CustomerOptions>("{ keyName: '2027' }", { keyName: { ...TEXT, write: "'2027'" } });

/** The customers of a pipeline: each has an API key, and owns the jobs submitted with it. */
export class Customers extends Construct {
  /** The map from key to customer as the functions read it; complete when the app is synthesised. */
  public readonly json: string;

  private readonly keys: { readonly id: string; readonly name: string; readonly key: apigateway.IApiKey }[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.json = Lazy.string({ produce: () => this.render() });
  }

  /**
   * Makes a key for a customer.
   *
   * @param plan the plan that the key belongs to; none where callers are not known by API keys
   */
  public add(name: string, options: CustomerOptions, plan: apigateway.UsagePlan | undefined): apigateway.IApiKey {
    const rules = new PropRules(this.node.scope!);
    checkArgument(this.node.scope!, 'addCustomer(', name, NAME);
    checkArgument(this.node.scope!, "addCustomer('acme', ", options, OPTIONS);
    rules.kind('addCustomer(): options', options, OPTIONS);
    rules.throwIfBroken();
    const { keyName } = options;
    const id = keyName === undefined ? name : `${name}@${keyName}`;
    this.check(rules, id, name, keyName, plan);
    const key = new apigateway.ApiKey(this, id, { description: `Jobs of customer ${id}` });
    plan!.addApiKey(key);
    this.keys.push({ id, name, key });
    return key;
  }

  private check(rules: PropRules, id: string, name: string, keyName: string | undefined, plan: apigateway.UsagePlan | undefined): void {
    rules.check(plan !== undefined, {
      rule: 'addCustomer() needs an API with keys',
      fix: 'pass api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() })',
    });
    for (const given of [name, ...(keyName === undefined ? [] : [keyName])]) {
      rules.check(/^[\w.-]{1,64}$/.test(given), {
        rule: 'addCustomer(): a name must be 1 to 64 letters, digits, dots, dashes and underscores',
        value: given,
        fix: "give a name such as 'acme'",
      });
    }
    rules.check(!this.keys.some((known) => known.id === id), {
      rule: 'addCustomer(): a key can be added once',
      value: id,
      fix: "give each customer a name of its own, and a further key of one a name, such as addCustomer('acme', { keyName: '2027' })",
    });
    rules.check(this.size(name) <= CUSTOMERS_BYTES, {
      rule: `addCustomer(): the names of all customers must fit into ${CUSTOMERS_BYTES} bytes: they travel in the environment of a function`,
      value: this.size(name),
      fix: 'make the further keys elsewhere and add them to the usage plan: each then owns its jobs under its own id',
    });
    rules.throwIfBroken();
  }

  private size(further: string): number {
    return [...this.keys.map(({ name }) => name), further].reduce((sum, name) => sum + name.length + ENTRY_BYTES, 2);
  }

  private render(): string {
    return `{${this.keys.map(({ name, key }) => `"${key.keyId}":"${name}"`).join(',')}}`;
  }
}
