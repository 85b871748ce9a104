import {playTheme} from '../support/sabotage-suite.ts';
import {honestProbes, probeAxis} from './cases/crossed/probes.ts';
import {drillsOf} from './cases/crossed/table.ts';

playTheme('each kind of probe', [honestProbes, ...drillsOf(probeAxis)]);
