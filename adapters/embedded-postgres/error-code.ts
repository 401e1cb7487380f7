/** The system's name for what went wrong, such as "EEXIST". */
export const errorCode = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
