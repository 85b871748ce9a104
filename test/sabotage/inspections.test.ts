import {playTheme} from '../support/sabotage-suite.ts';
import {inspections} from './cases/inspections.ts';

playTheme('an inspection', inspections);
