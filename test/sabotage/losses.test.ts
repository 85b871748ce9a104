import {playTheme} from '../support/sabotage-suite.ts';
import {losses} from './cases/losses.ts';

playTheme('a loss', losses);
