import { GradualDeployment } from './gradual-deployment';
import { instanceKind, madeBy } from '../internal/value-kinds';

/** What the prop `deployment` takes. */
export const DEPLOYMENT = madeBy(
  instanceKind('GradualDeployment', () => GradualDeployment, 'GradualDeployment.canary()', 'or what its other factories make'),
  ({ _given }: { readonly _given?: GradualDeployment['_given'] }) => (_given ? [_given] : []),
);
