/** The part of a state machine's definition that a diagram needs; XState's `definition` has this shape. */
export interface StateDefinition {
  id: string;
  key: string;
  type: string;
  initial?: {target?: readonly {id: string}[] | undefined} | undefined;
  states: Readonly<Record<string, StateDefinition>>;
  transitions: readonly TransitionDefinition[];
}

interface TransitionDefinition {
  eventType: string;
  target?: readonly (string | {id: string})[] | undefined;
  guard?: unknown;
}

/** Draws a machine as a Mermaid state diagram: regions side by side, one arrow for each event and target. */
export function mermaid(root: StateDefinition): string {
  const names = new Map<string, string>();
  collectNames(root, names);
  const name = (target: string | {id: string}) => {
    const id = typeof target === 'string' ? target.replace(/^#/, '') : target.id;
    return names.get(id) ?? id;
  };
  return `stateDiagram-v2\n${body(root, name, '  ')}`;
}

type NameOf = (target: string | {id: string}) => string;

/** Short names where they are unique: `preflight`, else `preflight_running`. */
function collectNames(root: StateDefinition, names: Map<string, string>): void {
  const visit = (state: StateDefinition, parent: string | undefined) => {
    const taken = new Set(names.values());
    const name =
      ['running', 'stopping', 'finished'].includes(state.key) || taken.has(state.key)
        ? `${parent ?? ''}_${state.key}`
        : state.key;
    names.set(state.id, name);
    for (const child of Object.values(state.states)) visit(child, name);
  };
  visit(root, undefined);
}

function body(state: StateDefinition, name: NameOf, indent: string, isRegion = false): string {
  const children = Object.values(state.states);
  let text = '';
  children.forEach((child, index) => {
    if (state.type === 'parallel' && index > 0) text += `${indent}--\n`;
    text += node(child, name, indent, state.type === 'parallel');
  });
  const [initial] = state.type === 'parallel' ? [] : (state.initial?.target ?? []);
  if (initial) text = `${indent}[*] --> ${name(initial)}\n${text}`;
  for (const child of children) {
    if (child.type === 'final') text += `${indent}${name(child)} --> [*]\n`;
    if (state.type !== 'parallel') text += arrows(child, child.transitions, name, indent);
    // Mermaid draws no arrow from a region to one of its own states: it stands at each of them.
    if (isRegion && child.type !== 'final') text += arrows(child, state.transitions, name, indent);
  }
  return text;
}

function node(state: StateDefinition, name: NameOf, indent: string, isRegion: boolean): string {
  const own = name(state);
  const label = `${indent}state "${state.key}" as ${own}`;
  if (Object.keys(state.states).length === 0) return own === state.key ? '' : `${label}\n`;
  return `${label} {\n${body(state, name, `${indent}  `, isRegion)}${indent}}\n`;
}

function arrows(
  state: StateDefinition,
  transitions: readonly TransitionDefinition[],
  name: NameOf,
  indent: string,
): string {
  const lines = new Set<string>();
  for (const {eventType, target, guard} of transitions) {
    for (const to of target ?? []) {
      lines.add(`${indent}${name(state)} --> ${name(to)}: ${event(eventType)}${guardText(guard)}\n`);
    }
  }
  return [...lines].join('');
}

/** `xstate.done.actor.steady` is `done`, `xstate.after.grace.<state>` is `after grace`. */
function event(type: string): string {
  const [, kind, , after] = /^xstate\.(done|error|after)\.(actor\.)?([^.]+)/.exec(type) ?? [];
  if (kind === 'after') return `after ${after}`;
  return kind ?? type;
}

function guardText(guard: unknown): string {
  const type = typeof guard === 'object' && guard !== null && 'type' in guard ? guard.type : guard;
  return typeof type === 'string' ? ` [${type}]` : '';
}
