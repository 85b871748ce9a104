import {playTheme} from '../support/sabotage-suite.ts';
import {recoveries} from './cases/recoveries.ts';

playTheme('the recovery', recoveries);
