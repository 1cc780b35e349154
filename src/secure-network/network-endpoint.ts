/** The services whose endpoints are routes and not network interfaces: they cost nothing. */
const GATEWAYS: ReadonlySet<string> = new Set(['s3', 'dynamodb']);

/** How AWS calls services in the names of endpoints. */
const SERVICE = /^[a-z0-9]+([.-][a-z0-9]+)*$/;

/**
 * A service of AWS that functions in a network reach without the internet.
 *
 * A gateway endpoint (S3, DynamoDB) is free. Any other is an interface endpoint, billed for each availability zone: 0.01 USD an hour, 7.30 USD a
 * month, and 0.01 USD a gigabyte (us-east-1, November 2026). Not every zone has an endpoint of every service.
 *
 * @example
 * const textract = NetworkEndpoint.of('textract'); // one that has no name here
 *
 * new SecureNetwork(this, 'Network', {
 *   profile: EnvironmentProfile.dev(),
 *   natGateways: NatGateways.none(),
 *   endpoints: [NetworkEndpoint.SQS, NetworkEndpoint.SECRETS_MANAGER, textract],
 * });
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 * @see https://aws.amazon.com/privatelink/pricing/
 */
export class NetworkEndpoint {
  /** Amazon S3, by a gateway endpoint. New networks have it always. */
  public static readonly S3 = new NetworkEndpoint('s3', 'S3');
  /** Amazon DynamoDB, by a gateway endpoint. New networks have it always. */
  public static readonly DYNAMODB = new NetworkEndpoint('dynamodb', 'DYNAMODB');
  /** Amazon SQS. */
  public static readonly SQS = new NetworkEndpoint('sqs', 'SQS');
  /** Amazon SNS. */
  public static readonly SNS = new NetworkEndpoint('sns', 'SNS');
  /** AWS Secrets Manager. */
  public static readonly SECRETS_MANAGER = new NetworkEndpoint('secretsmanager', 'SECRETS_MANAGER');
  /** AWS KMS. Only for code that calls it: services decrypt what a function reads from them by themselves. */
  public static readonly KMS = new NetworkEndpoint('kms', 'KMS');
  /** CloudWatch Logs. Only for code that calls it: what a function prints is not sent through its network. */
  public static readonly LOGS = new NetworkEndpoint('logs', 'LOGS');
  /** CloudWatch metrics and alarms. Metrics that are logged (EMF) do without. */
  public static readonly MONITORING = new NetworkEndpoint('monitoring', 'MONITORING');
  /** AWS X-Ray. */
  public static readonly XRAY = new NetworkEndpoint('xray', 'XRAY');
  /** AWS Step Functions. */
  public static readonly STEP_FUNCTIONS = new NetworkEndpoint('states', 'STEP_FUNCTIONS');
  /** AWS Step Functions, to run express state machines and wait for them. */
  public static readonly STEP_FUNCTIONS_SYNC = new NetworkEndpoint('sync-states', 'STEP_FUNCTIONS_SYNC');
  /** AWS Lambda. */
  public static readonly LAMBDA = new NetworkEndpoint('lambda', 'LAMBDA');
  /** Amazon EventBridge. */
  public static readonly EVENTS = new NetworkEndpoint('events', 'EVENTS');
  /** AWS STS, of the network's own region: clients must not use the global endpoint. */
  public static readonly STS = new NetworkEndpoint('sts', 'STS');
  /** AWS Systems Manager, such as its parameters. */
  public static readonly SSM = new NetworkEndpoint('ssm', 'SSM');
  /** The channels of Session Manager. */
  public static readonly SSM_MESSAGES = new NetworkEndpoint('ssmmessages', 'SSM_MESSAGES');
  /** The older channel between Systems Manager and instances. */
  public static readonly EC2_MESSAGES = new NetworkEndpoint('ec2messages', 'EC2_MESSAGES');
  /** Amazon Bedrock, to call models. */
  public static readonly BEDROCK_RUNTIME = new NetworkEndpoint('bedrock-runtime', 'BEDROCK_RUNTIME');
  /** Agents and knowledge bases of Amazon Bedrock, to call them. */
  public static readonly BEDROCK_AGENT_RUNTIME = new NetworkEndpoint('bedrock-agent-runtime', 'BEDROCK_AGENT_RUNTIME');
  /** The management of Amazon RDS; a database itself is reached without an endpoint. */
  public static readonly RDS = new NetworkEndpoint('rds', 'RDS');
  /** Private APIs of API Gateway. */
  public static readonly EXECUTE_API = new NetworkEndpoint('execute-api', 'EXECUTE_API');
  /** The management of Amazon ECR. */
  public static readonly ECR_API = new NetworkEndpoint('ecr.api', 'ECR_API');
  /** Images of Amazon ECR; their layers come from S3. */
  public static readonly ECR_DOCKER = new NetworkEndpoint('ecr.dkr', 'ECR_DOCKER');

  /**
   * The endpoint of a service that has no name here.
   *
   * @param service what follows the region in the name of its endpoint: `textract` for `com.amazonaws.eu-west-1.textract`
   * @returns the endpoint
   * @throws an error if the service is not written so
   */
  public static of(service: string): NetworkEndpoint {
    if (typeof service !== 'string' || !SERVICE.test(service)) {
      throw new Error(`NetworkEndpoint.of(): service must be what follows the region in the name of an endpoint. Given: ${String(service)}. `
        + "Fix: write 'textract' for com.amazonaws.eu-west-1.textract.");
    }
    return new NetworkEndpoint(service, `of('${service}')`);
  }

  private constructor(
    /** What follows the region in the name of the endpoint, such as `sqs`. */
    public readonly service: string,
    private readonly written: string,
  ) {}

  /**
   * How the endpoint is written in code.
   *
   * @returns such as `NetworkEndpoint.SQS`
   */
  public toString(): string {
    return `NetworkEndpoint.${this.written}`;
  }

  /** @internal */
  public get _isGateway(): boolean {
    return GATEWAYS.has(this.service);
  }
}
