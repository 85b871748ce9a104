import {pathText, type Spec, unprovable} from '../../scenario/index.ts';

/** What is no reason to refuse, and makes the result worth less. */
export function warningsOf(spec: Spec): string[] {
  return [...unprovable(spec).map(({path, message}) => `${pathText(path)}: ${message}`), ...mixedPlaces(spec)];
}

function mixedPlaces({probes = [], services = {}}: Spec): string[] {
  return Object.entries(services).flatMap(([name, {up}]) => {
    const places = new Set(probes.filter((probe) => up.includes(probe.name)).map(({from}) => from));
    if (places.size < 2) return [];
    // Their clocks differ, and the bound of every figure grows by what is not known of the difference.
    const where = [...places].sort().join(' and ');
    return [`the probes of the service ${name} sample from ${where}: give them one \`from\`, or its figures are wider`];
  });
}
