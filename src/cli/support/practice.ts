import {proberProgram} from '../../drill/prober/program.ts';
import {type PracticeCluster, type PracticeOptions, startPractice} from '../../practice/index.ts';

/** Image of the prober, without tag. */
const proberImageName = 'kubedrill/kubedrill';

/** Starts the practice cluster with the program that only kubedrill can hand in: the prober. */
export async function startPracticeCluster(
  options: Omit<PracticeOptions, 'programs'> = {},
  proberImage = proberImageName,
): Promise<PracticeCluster> {
  return await startPractice({...options, programs: {[withoutTag(proberImage)]: proberProgram}});
}

/** `registry:5000/team/image:1.2@sha256:…` without tag and digest. */
const withoutTag = (image: string): string => image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
