import { v7 } from 'uuid';
import type { Ids } from '../../application/ports/ids.ts';

/** Within one process every id sorts after the one before it, also inside a millisecond and when the clock jumps back. */
export class UuidIds implements Ids {
  next(): string {
    return v7();
  }
}
