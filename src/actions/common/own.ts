import type {KubeObject} from '../../cluster/types.ts';
import type {Target} from '../../io/target.ts';
import type {OwnWork} from '../own-work.ts';

/**
 * Why a change of an object has nothing left to be taken back from: the object is gone, by the drill's own doing or with
 * what the drill made, or the recovery has made it anew.
 */
export function replacedBy({own}: {own: OwnWork}, live: KubeObject | undefined, target: Target): string | undefined {
  if (live !== undefined) {
    const isAnother = target.uid !== undefined && live.metadata.uid !== target.uid;
    return isAnother && own.maker(live.metadata.uid) === 'kept' ? 'the recovery made the object anew' : undefined;
  }
  if (own.isRemoved) return 'the recovery deleted the object';
  const fixture = own.fixture(target);
  return fixture && `it is gone, and ${fixture}`;
}
