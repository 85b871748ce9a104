/** Annotations that controllers keep for themselves: they write them again, and they say nothing of what users want. */
const notes: readonly RegExp[] = [
  /^deployment\.kubernetes\.io\/(revision|desired-replicas|max-replicas)$/,
  /^deprecated\.daemonset\.template\.generation$/,
  /^pv\.kubernetes\.io\//,
  /^volume\.(beta\.)?kubernetes\.io\/(selected-node|storage-provisioner)$/,
  /^control-plane\.alpha\.kubernetes\.io\/leader$/,
  /^endpoints\.kubernetes\.io\/last-change-trigger-time$/,
  /^autoscaling\.alpha\.kubernetes\.io\//,
  /^(node\.alpha\.kubernetes\.io|volumes\.kubernetes\.io)\//,
  // Where the practice cluster's data path listens.
  /^practice\.kubedrill\.dev\/listen$/,
];

/** Whether an annotation is a controller's own note. */
export const isControllersNote = (name: string): boolean => notes.some((note) => note.test(name));
