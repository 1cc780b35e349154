import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, paginateListStackResources, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { Deployment } from '../local-cloud/deploy';
import type { LocalCloud } from '../local-cloud/local-cloud';

/** What a deployment is called from outside. */
export class Deployed {
  constructor(readonly cloud: LocalCloud, readonly deployment: Deployment) {}

  /** Where the local cloud answers for an API: its host name on AWS, which is an output, does not exist here. */
  public apiUrl(output = 'ApiUrl'): string {
    const { hostname, pathname } = new URL(this.deployment.output(output));
    return `${this.cloud.endpoint}/_aws/execute-api/${hostname.split('.')[0]}${pathname}`;
  }

  /** The value of the API key whose id is an output. */
  public async apiKey(output = 'ApiKeyId'): Promise<string> {
    const gateway = new APIGatewayClient(this.cloud.clientConfig);
    const { value } = await gateway.send(new GetApiKeyCommand({ apiKey: this.deployment.output(output), includeValue: true }));
    if (!value) throw new Error(`The API key of output ${output} has no value.`);
    return value;
  }

  /** Physical id of the one resource of a type whose logical id begins so. */
  public async physicalId(stack: string, type: string, logicalId = ''): Promise<string> {
    const resources: StackResourceSummary[] = [];
    const client = new CloudFormationClient(this.cloud.clientConfig);
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stack })) {
      resources.push(...StackResourceSummaries);
    }
    const found = resources.filter((resource) => resource.ResourceType === type && resource.LogicalResourceId!.startsWith(logicalId));
    if (found.length !== 1) {
      throw new Error(`${stack} has ${found.length} resources ${type} ${logicalId}: ${found.map((resource) => resource.LogicalResourceId).join(', ')}`);
    }
    return found[0].PhysicalResourceId!;
  }
}
