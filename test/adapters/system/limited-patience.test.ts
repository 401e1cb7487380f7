import { expect } from 'chai';
import { BackgroundTasks } from '../../../adapters/system/background-tasks.ts';
import { LimitedPatience } from '../../../adapters/system/limited-patience.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { aGate, rejectionOf } from '../../support/waiting.ts';

describe('limited patience', () => {
  const complaints: string[] = [];
  const complain = (message: string): void => void complaints.push(message);
  const logger: Logger = { error: complain, warn: complain, info: complain, debug: complain };
  let background: BackgroundTasks;

  beforeEach(() => {
    complaints.length = 0;
    background = new BackgroundTasks(logger);
  });

  it('brings what the work comes to, or why it failed', async () => {
    const patience = new LimitedPatience(background, 60_000);
    expect(await patience.waitFor(Promise.resolve('done'))).to.equal('done');
    const failure = new Error('out of order');
    expect(await rejectionOf(patience.waitFor(Promise.reject(failure)))).to.equal(failure);
  });

  it('ends before the work does, and leaves the rest to whoever stops the process', async () => {
    const enough = aGate();
    const done: string[] = [];
    const work = enough.opened.then(() => done.push('done'));
    expect(await new LimitedPatience(background, 1).waitFor(work)).to.equal(undefined);
    const drained = background.drained();
    enough.open();
    await drained;
    expect(done).to.deep.equal(['done']);
  });

  it('tells of work that fails when nobody waits for it any more', async () => {
    const enough = aGate();
    const work = enough.opened.then(() => Promise.reject(new Error('out of order')));
    await new LimitedPatience(background, 1).waitFor(work);
    enough.open();
    await background.drained();
    expect(complaints).to.deep.equal(['background task failed']);
  });
});
