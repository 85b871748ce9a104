import {playTheme} from '../support/sabotage-suite.ts';
import {found, foundHonest} from './cases/found.ts';

playTheme('what readers found', [...found, ...foundHonest]);
