import {playTheme} from '../support/sabotage-suite.ts';
import {proofs, provenHonestly} from './cases/proofs.ts';

playTheme('the proof', [...proofs, ...provenHonestly]);
