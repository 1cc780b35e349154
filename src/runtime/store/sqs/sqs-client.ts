import { SQSClient } from '@aws-sdk/client-sqs';
import { CallLimits, clientSettings } from '../aws-clients';

export function sqsClient(limits: CallLimits): SQSClient {
  return new SQSClient(clientSettings(limits));
}
