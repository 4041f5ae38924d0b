/** What the caller asked for cannot be done as it was asked. Its message is for people; the exit code is 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
