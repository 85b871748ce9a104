import {playTheme} from '../support/sabotage-suite.ts';
import {checkAxis, honestChecks} from './cases/crossed/checks.ts';
import {drillsOf} from './cases/crossed/table.ts';

playTheme('each kind of check', [honestChecks, ...drillsOf(checkAxis)]);
