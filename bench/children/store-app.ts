/** `store-app.cjs <folder>`: a table as a pipeline has it, and a queue that nobody takes messages from. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { EnvironmentProfile, JobsTable } from 'cdk-jobworks';

const [outdir] = process.argv.slice(2);
const app = new App({ outdir });
const stack = new Stack(app, 'Stores');
EnvironmentProfile.dev().applyTo(stack);
const queue = new Queue(stack, 'Queue', { visibilityTimeout: Duration.hours(1) });
new CfnOutput(stack, 'TableName', { value: new JobsTable(stack, 'Table').table.tableName });
new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
new CfnOutput(stack, 'QueueArn', { value: queue.queueArn });
app.synth();
console.log('{}');
