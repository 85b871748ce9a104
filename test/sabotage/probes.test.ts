import {playTheme} from '../support/sabotage-suite.ts';
import {probes} from './cases/probes.ts';

playTheme('the probe', probes);
