import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { gatewayModel } from './gateway-model';
import type { PayloadSchema } from './payload-schema';
import type { RouteName } from './routes';

/** Jobs of one batch. */
export const MOST_JOBS_OF_A_BATCH = 10;

/**
 * What API Gateway itself judges of a body. A job of a batch is judged by the function, which answers for each: one that is wrong spoils
 * no other. An upload is, too: its body may be left out, and a model refuses what is not there.
 */
export class RequestModels {
  private readonly validators: { body?: apigateway.RequestValidator; parameters?: apigateway.RequestValidator } = {};

  constructor(private readonly api: apigateway.RestApi, private readonly payloadSchema: PayloadSchema | undefined) {}

  /** The validator of a route, and the model of its body, if it has one. */
  public for(route: RouteName): Pick<apigateway.MethodOptions, 'requestValidator' | 'requestModels'> {
    const schema = this.bodyOf(route);
    const hasBody = schema !== undefined || route === 'submit';
    const model = schema && this.api.addModel(MODEL_IDS[route] ?? route, { contentType: 'application/json', schema: gatewayModel(schema) });
    return {
      requestValidator: hasBody ? this.bodyValidator() : this.parameterValidator(),
      ...(model && { requestModels: { 'application/json': model } }),
    };
  }

  private bodyOf(route: RouteName): Record<string, unknown> | undefined {
    switch (route) {
      case 'submit': return this.payloadSchema?._schema;
      case 'batch': return BATCH;
      default: return undefined;
    }
  }

  private bodyValidator(): apigateway.RequestValidator {
    return this.validators.body ??= this.api.addRequestValidator('BodyValidator', { validateRequestBody: true, validateRequestParameters: true });
  }

  private parameterValidator(): apigateway.RequestValidator {
    return this.validators.parameters ??= this.api.addRequestValidator('ParameterValidator', { validateRequestParameters: true });
  }
}

const MODEL_IDS: Partial<Record<RouteName, string>> = { submit: 'Payload', batch: 'Batch' };

/** How many jobs it has is for the function to judge, which names everything that is wrong. */
const BATCH = { type: 'object', required: ['jobs'], properties: { jobs: { type: 'array' } } };
