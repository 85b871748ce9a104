import {playTheme} from '../support/sabotage-suite.ts';
import {guards} from './cases/guards.ts';

playTheme('the beginning', guards);
