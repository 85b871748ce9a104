import {playTheme} from '../support/sabotage-suite.ts';
import {prober} from './cases/prober.ts';

playTheme('the prober', prober);
