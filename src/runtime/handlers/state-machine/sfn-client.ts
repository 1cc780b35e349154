import { SFNClient } from '@aws-sdk/client-sfn';
import { CallLimits, clientSettings } from '../../store/aws-clients';

/* A module of its own, so that it is loaded when an execution is first asked about: few calls of most functions are. */

export { DescribeExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';

export function sfnClient(limits: CallLimits): Pick<SFNClient, 'send'> {
  return new SFNClient(clientSettings(limits));
}
