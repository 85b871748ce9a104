import {playTheme} from '../support/sabotage-suite.ts';
import {found, foundHonest} from './cases/found.ts';
import {hanging} from './cases/hanging.ts';

playTheme('what readers found', [...found, ...hanging, ...foundHonest]);
