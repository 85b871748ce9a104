import {proberProgram} from '../../drill/prober/program.ts';
import {type PracticeCluster, type PracticeOptions, startPractice} from '../../practice/index.ts';

/** Starts the practice cluster with the programs that only kubedrill can hand in: the prober. */
export async function startPracticeCluster(options: Omit<PracticeOptions, 'programs'> = {}): Promise<PracticeCluster> {
  return await startPractice({...options, programs: {'kubedrill/kubedrill': proberProgram}});
}
