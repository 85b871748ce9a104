import {playTheme} from '../support/sabotage-suite.ts';
import {checks} from './cases/checks.ts';

playTheme('the check', checks);
