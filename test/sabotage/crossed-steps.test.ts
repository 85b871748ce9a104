import {playTheme} from '../support/sabotage-suite.ts';
import {honestSteps, stepAxis} from './cases/crossed/steps.ts';
import {drillsOf} from './cases/crossed/table.ts';

playTheme('each form of step', [...honestSteps, ...drillsOf(stepAxis)]);
