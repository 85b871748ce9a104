export {alignSeries, clockOffsets, type RecordedSeries} from './clocks.ts';
export {type Instants, type Rto, rto} from './rto.ts';
export {assessService} from './service.ts';
export {type AlignedSeries, type Instant, type ServiceAssessment, silenceLimit, type Window} from './types.ts';
