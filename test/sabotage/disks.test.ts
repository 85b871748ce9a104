import {playTheme} from '../support/sabotage-suite.ts';
import {disks} from './cases/disks.ts';

playTheme('the disk', disks);
