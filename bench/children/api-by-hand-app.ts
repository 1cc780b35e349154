/** `api-by-hand-app.cjs <folder> <folder of the bundled handlers>`: the API of a pipeline as one would write it without the library. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const [outdir, code] = process.argv.slice(2);
const app = new App({ outdir });
const stack = new Stack(app, 'ApiByHand');
const table = new Table(stack, 'Table', { partitionKey: { name: 'job_id', type: AttributeType.STRING }, billingMode: BillingMode.PAY_PER_REQUEST });
const queue = new Queue(stack, 'Queue');
const api = new RestApi(stack, 'Api');
const jobs = api.root.addResource('jobs');
jobs.addMethod('POST', new LambdaIntegration(fn('submit')));
jobs.addResource('{job_id}').addMethod('GET', new LambdaIntegration(fn('status')));
new CfnOutput(stack, 'ByHandUrl', { value: api.url });
app.synth();
console.log('{}');

function fn(name: string): LambdaFunction {
  const made = new LambdaFunction(stack, name, {
    code: Code.fromAsset(code),
    handler: `index.${name}`,
    runtime: Runtime.NODEJS_24_X,
    memorySize: 512,
    environment: { TABLE_NAME: table.tableName, QUEUE_URL: queue.queueUrl },
  });
  table.grantReadWriteData(made);
  queue.grantSendMessages(made);
  new CfnOutput(stack, `ByHand${name}`, { value: made.functionName });
  return made;
}
