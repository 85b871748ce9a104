import {playTheme} from '../support/sabotage-suite.ts';
import {faultsOf} from './cases/crossed/faults.ts';

playTheme('each kind of fault, by programs and people', faultsOf('others'));
