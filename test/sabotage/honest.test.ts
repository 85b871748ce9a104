import {playTheme} from '../support/sabotage-suite.ts';
import {honest} from './cases/honest.ts';
import {honestInspection} from './cases/inspections.ts';

// The honest drills show that the suite cannot be satisfied by refusing everything.
playTheme('an honest drill', [...honest, honestInspection]);
