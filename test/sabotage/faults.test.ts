import {playTheme} from '../support/sabotage-suite.ts';
import {faults} from './cases/faults.ts';

playTheme('the fault', faults);
