/** Where the records of a pipeline's jobs live. */
export class JobStore {
  /**
   * A DynamoDB table of the pipeline's own, billed by request. The default.
   *
   * @returns the store
   */
  public static dynamoDb(): JobStore {
    return new JobStore();
  }

  private constructor() {}
}
