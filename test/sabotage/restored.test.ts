import {playTheme} from '../support/sabotage-suite.ts';
import {restored} from './cases/restored.ts';

playTheme('what is restored', restored);
