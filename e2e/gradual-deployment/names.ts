export const DEPLOYED = { stack: 'GradualDeployment', smokePayload: { page: 1 } } as const;
