export {alignSeries, type ClockReading, clockOffsets, type RecordedSeries, runnerClock} from './clocks.ts';
export {type From, type Instants, type Rto, rto} from './rto.ts';
export {assessSeries, assessService, type SeriesOptions} from './service.ts';
export {
  type AlignedSeries,
  type Bound,
  type Instant,
  type Outage,
  type ServiceAssessment,
  type ServiceRule,
  silenceLimit,
  type Window,
} from './types.ts';
