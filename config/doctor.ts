import { type Section, render, wouldStart } from './doctor/findings.ts';
import { packages } from './doctor/versions.ts';

const sections = await findings();
process.stdout.write(render(sections));
process.exitCode = wouldStart(sections) ? 0 : 1;

async function findings(): Promise<readonly Section[]> {
  const installed = packages();
  if (installed.mark === 'bad') return [{ title: 'Packages', findings: [installed] }];
  // Only now, because the other examinations need the packages themselves.
  const { examine } = await import('./doctor/examine.ts');
  return examine(process.env);
}
