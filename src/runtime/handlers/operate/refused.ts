import { ERROR_CODE } from '../../wire/http';

type Code = (typeof ERROR_CODE)[keyof typeof ERROR_CODE];

/** What an operator asked for cannot be done. The name is what the caller is told as the type of the error: the codes are those of the HTTP API. */
export class Refused extends Error {
  constructor(readonly name: Code, message: string, cause?: unknown) {
    super(message, { cause });
  }
}

export function badRequest(message: string): Refused {
  return new Refused(ERROR_CODE.badRequest, message);
}

export function notFound(job_id: string): Refused {
  return new Refused(ERROR_CODE.notFound, `there is no job ${job_id}: it never was in this pipeline, or its record has expired. Compare the id and the pipeline`);
}

export function conflict(message: string): Refused {
  return new Refused(ERROR_CODE.conflict, message);
}

export function unavailable(message: string, cause?: unknown): Refused {
  return new Refused(ERROR_CODE.unavailable, `${message}: try again`, cause);
}

/** Does what needs table or queue; where one of them does not answer, that is told by its code, and the log has the cause. */
export async function orUnavailable<Done>(message: string, step: () => Promise<Done>): Promise<Done> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof Refused ? error : unavailable(message, error);
  }
}
