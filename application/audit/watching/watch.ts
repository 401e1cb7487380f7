import type { AuditEvent, AuditFacts, AuditTrail } from '../../ports/audit-trail.ts';
import type { Collections } from '../../ports/unit-of-work.ts';
import { AUDITED, type Audited } from './audited-facts.ts';

interface Sight {
  readonly facts: AuditFacts;
  /** Counts the changes; undefined for what has none. */
  readonly version: number | undefined;
}

interface Subject {
  readonly kind: Audited;
  readonly id: string;
  /** As it was found; undefined for what is new. */
  before?: Sight;
  /** As it was saved; null when it was removed, undefined when it was only looked at. */
  after?: Sight | null;
  /** Whether it is worth an entry; undefined: like any other. */
  sums?: 'told' | 'not yet';
}

/** Looks on while one unit of work reads and writes, and tells the audit log what has become different. */
export class Watch {
  readonly #subjects = new Map<string, Subject>();
  /** What the use case has told by itself, which says more. */
  readonly #told = new Set<string | undefined>();

  over(collections: Collections): Collections {
    const audit: AuditTrail = {
      add: event => {
        this.#told.add(event.subject?.id);
        collections.audit.add(event);
      },
    };
    const watched = Object.entries(AUDITED).map(([name, kind]) => [
      name,
      this.#watched(collections[name as keyof Collections], kind),
    ]);
    return { ...collections, audit, ...(Object.fromEntries(watched) as Partial<Collections>) };
  }

  /** One event for each thing that has changed; of an act that changed nothing, and is told `anyway`, that it was done. */
  events(action: string, anyway: boolean): readonly AuditEvent[] {
    const written = [...this.#subjects.values()].filter(({ after }) => after !== undefined);
    const sums = written.filter(subject => subject.sums !== undefined);
    const events = (sums.length > 0 ? sums : written)
      .filter(subject => subject.sums !== 'not yet' && !this.#told.has(subject.id) && isChanged(subject))
      .map(subject => eventOf(action, subject));
    if (events.length > 0 || this.#told.size > 0 || sums.length > 0 || !anyway) return events;
    return [{ action, outcome: 'done', subject: this.onlySubject() }];
  }

  /** What it was about, where that is plain. */
  onlySubject(): AuditEvent['subject'] {
    const [first, ...others] = this.#subjects.values();
    return first && others.length === 0 ? { type: first.kind.type, id: first.id } : null;
  }

  #watched<Collection extends object>(collection: Collection, kind: Audited): Collection {
    return new Proxy(collection, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]): unknown => {
          if (name === 'save' || name === 'add') this.#written(kind, given[0]);
          if (name === 'remove') this.#removed(kind, given[0]);
          const answer: unknown = Reflect.apply(method, target, given);
          return String(name).startsWith('find') ? this.#found(kind, answer) : answer;
        };
      },
    });
  }

  async #found(kind: Audited, answer: unknown): Promise<unknown> {
    const found = await answer;
    for (const snapshot of snapshotsIn(found)) {
      const subject = this.#subject(kind, snapshot);
      if (subject.after === undefined) subject.before ??= sightOf(kind, snapshot);
    }
    return found;
  }

  #written(kind: Audited, saved: unknown): void {
    for (const snapshot of snapshotsIn(saved)) {
      const subject = this.#subject(kind, snapshot);
      subject.after = sightOf(kind, snapshot);
      if (kind.sums) subject.sums = kind.sums(snapshot);
    }
  }

  #removed(kind: Audited, removed: unknown): void {
    for (const snapshot of snapshotsIn(removed)) this.#subject(kind, snapshot).after = null;
  }

  #subject(kind: Audited, snapshot: unknown): Subject {
    const id = kind.idOf(snapshot);
    const key = `${kind.type} ${id}`;
    const subject = this.#subjects.get(key) ?? { kind, id };
    this.#subjects.set(key, subject);
    return subject;
  }
}

const isAggregate = (value: object): value is { snapshot(): unknown } =>
  'snapshot' in value && typeof value.snapshot === 'function';

/** Aggregates come alone or in lists; some things are plain records. */
function snapshotsIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(snapshotsIn);
  return [isAggregate(value) ? value.snapshot() : value];
}

const sightOf = (kind: Audited, snapshot: unknown): Sight => ({
  facts: kind.factsOf(snapshot),
  version: (snapshot as { readonly version?: number }).version,
});

const isChanged = ({ before, after }: Subject): boolean =>
  !before || !after || before.version === undefined || before.version !== after.version;

function eventOf(action: string, { kind, id, before, after }: Subject): AuditEvent {
  const event: AuditEvent = { action, outcome: 'done', subject: { type: kind.type, id } };
  const was = before && differing(before.facts, after?.facts);
  const is = after ? differing(after.facts, before?.facts) : undefined;
  return {
    ...event,
    ...(was && Object.keys(was).length > 0 && { before: was }),
    ...(is && Object.keys(is).length > 0 && { after: is }),
  };
}

/** Those of the facts that are not the same there. */
const differing = (facts: AuditFacts, there: AuditFacts = {}): AuditFacts =>
  Object.fromEntries(
    Object.entries(facts).filter(([name, fact]) => JSON.stringify(fact) !== JSON.stringify(there[name])),
  );
