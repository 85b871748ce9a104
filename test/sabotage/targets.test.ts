import {playTheme} from '../support/sabotage-suite.ts';
import {targets} from './cases/targets.ts';

playTheme('the target', targets);
