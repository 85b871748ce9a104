import {playTheme} from '../support/sabotage-suite.ts';
import {steps} from './cases/steps.ts';

playTheme('a step', steps);
