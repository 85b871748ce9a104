import {playTheme} from '../support/sabotage-suite.ts';
import {canaryAxis, honestCanaries} from './cases/crossed/canaries.ts';
import {drillsOf} from './cases/crossed/table.ts';

playTheme('each kind of canary', [honestCanaries, ...drillsOf(canaryAxis)]);
