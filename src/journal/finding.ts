/** A finding of an earlier run that somebody has to deal with; kept in findings.yaml beside the run folders. */
export interface FindingRecord {
  id: string;
  title: string;
  owner: string;
  /** The last day, `2026-12-31`. */
  due: string;
  status: 'open' | 'in-progress' | 'done' | 'accepted';
  /** Id of the run that it is from. */
  run: string;
  ticket?: string;
}
