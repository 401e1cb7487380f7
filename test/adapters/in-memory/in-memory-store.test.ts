import { storeContract } from '../../contracts/store.contract.ts';
import { inMemoryHarness } from './in-memory-harness.ts';

storeContract(inMemoryHarness);
