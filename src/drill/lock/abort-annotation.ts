/** Annotation of the lock's Lease by which a run is asked to end from anywhere that reaches the cluster. */
export const abortAnnotation = 'kubedrill.dev/abort';
