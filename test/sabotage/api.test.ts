import {playTheme} from '../support/sabotage-suite.ts';
import {api} from './cases/api.ts';

playTheme('the API server', api);
