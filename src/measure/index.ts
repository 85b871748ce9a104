export {alignSeries, clockOffsets, type RecordedSeries} from './clocks.ts';
export {type Detection, detectionOf, firstDetection} from './detection.ts';
export {lookedBetween} from './looked.ts';
export {fromRanges} from './ranges.ts';
export {type CanaryLoss, type CanaryWrite, derivedRpo, lossOf, type Rpo, rpo, type WriteState} from './rpo.ts';
export {type Instants, type Rto, rto} from './rto.ts';
export {assessService} from './service.ts';
export {type AlignedSeries, type Instant, type ServiceAssessment, silenceLimit, type Window} from './types.ts';
