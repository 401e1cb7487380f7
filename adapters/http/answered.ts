/** What became of a request, for the log and the figures. */
export interface Answered {
  /** Of the route: its operation id and its path with `{id}` in it; undefined where there is none. */
  readonly route: RouteMark | undefined;
  readonly method: string;
  /** Without the query, which may hold what a customer typed. */
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
  /** The code of a refusal, or the word that the route has for what it did. */
  readonly outcome: string | undefined;
}

export interface RouteMark {
  readonly name: string;
  readonly pattern: string;
  /** What the request counts as against a caller's limit. */
  readonly rate: string;
}

/** Sees every request come and go. It never throws, and is quick: everybody waits for it. */
export interface Onlooker {
  began?(): void;
  answered(request: Answered): void;
}
