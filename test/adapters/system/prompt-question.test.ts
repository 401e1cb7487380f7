import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PromptQuestion } from '../../../adapters/system/prompt-question.ts';
import { rejectionOf } from '../../support/waiting.ts';

describe('a prompt question', () => {
  it('keeps nobody waiting for a part that never answers, and asks it only once', async () => {
    let asked = 0;
    const question = new PromptQuestion(() => new Promise<never>(() => (asked += 1)), { patienceMs: 20 });
    const refusals = await Promise.all([1, 2, 3].map(() => rejectionOf(question.answer())));
    expect(refusals.map(String)).to.deep.equal(Array(3).fill('Error: No answer within 20 ms.'));
    await rejectionOf(question.answer());
    expect(asked).to.equal(1);
  });

  it('asks again after a failure, be it thrown at once', async () => {
    let asked = 0;
    const question = new PromptQuestion(
      () => {
        asked += 1;
        if (asked === 1) throw new Error('away');
        return Promise.resolve('here');
      },
      { patienceMs: 1000 },
    );
    expect(String(await rejectionOf(question.answer()))).to.equal('Error: away');
    expect(await question.answer()).to.equal('here');
  });

  it('gives the last answer while it is fresh, and no longer', async () => {
    let asked = 0;
    const question = new PromptQuestion(() => Promise.resolve((asked += 1)), { patienceMs: 1000, freshMs: 50 });
    expect(await question.answer()).to.equal(1);
    expect(await question.answer()).to.equal(1);
    await sleep(60);
    expect(await question.answer()).to.equal(2);
  });
});
