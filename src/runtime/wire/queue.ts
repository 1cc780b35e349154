/** Attributes of a job's message, beside its body. */
export const MESSAGE_ATTRIBUTE = {
  correlationId: 'correlation_id',
} as const;
