import type {ASTNode} from '@marcbachmann/cel-js';

/** A name in an expression with the members read from it: `steps.kill.outputs`. */
export interface Access {
  root: string;
  /** Members that stand in the source, outermost last; cut off at the first computed one. */
  members: string[];
  /** From and to of each part, root first, in the expression. */
  spans: [number, number][];
}

/** Macros whose first argument names a variable of their own, by how many such arguments they take. */
const binders: Readonly<Record<string, number>> = {
  all: 1,
  exists: 1,
  exists_one: 1,
  existsOne: 1,
  map: 1,
  filter: 1,
  bind: 1,
};

/** All names that an expression reads from outside, in the order of the source. */
export function accesses(ast: ASTNode): Access[] {
  const found: Access[] = [];
  visit(ast, new Set(), found);
  return found;
}

function visit(node: ASTNode, bound: ReadonlySet<string>, found: Access[]): void {
  const access = accessOf(node);
  if (access) {
    if (!bound.has(access.root) && access.root !== 'cel') found.push(access);
    // Computed members (`x[y]`) hold names of their own.
    for (const inner of computedMembers(node)) visit(inner, bound, found);
    return;
  }
  const own = node.op === 'rcall' ? boundName(node) : undefined;
  const within = own === undefined ? bound : new Set([...bound, own]);
  if (node.op === 'rcall') {
    const [name, receiver, args] = node.args;
    visit(receiver, bound, found);
    const isBind = name === 'bind';
    args.forEach((argument, index) => {
      if (own !== undefined && index === 0) return;
      // The value of cel.bind(name, value, body) does not see the name.
      visit(argument, isBind && index === 1 ? bound : within, found);
    });
    return;
  }
  for (const child of children(node.args)) visit(child, bound, found);
}

function boundName(node: Extract<ASTNode, {op: 'rcall'}>): string | undefined {
  const [name, , args] = node.args;
  const first = args[0];
  return Object.hasOwn(binders, name) && args.length > 1 && first?.op === 'id' ? first.args : undefined;
}

function accessOf(node: ASTNode): Access | undefined {
  if (node.op === 'id') return {root: node.args, members: [], spans: [[node.start, node.end]]};
  if (node.op === '.' || node.op === '.?') {
    const [target, member] = node.args;
    const access = accessOf(target);
    return access && extend(access, target, member, [node.pos, node.end]);
  }
  if (node.op === '[]' || node.op === '[?]') {
    const [target, key] = node.args;
    const access = accessOf(target);
    if (!access) return undefined;
    if (key.op === 'value' && typeof key.args === 'string')
      return extend(access, target, key.args, [key.start, key.end]);
    return access;
  }
  return undefined;
}

function extend(access: Access, target: ASTNode, member: string, span: [number, number]): Access {
  // After a computed member nothing is known any more.
  if (access.spans.length - 1 !== access.members.length || isComputed(target)) return access;
  return {root: access.root, members: [...access.members, member], spans: [...access.spans, span]};
}

function isComputed(node: ASTNode): boolean {
  if (node.op === '[]' || node.op === '[?]') {
    const [target, key] = node.args;
    return !(key.op === 'value' && typeof key.args === 'string') || isComputed(target);
  }
  return (node.op === '.' || node.op === '.?') && isComputed(node.args[0]);
}

function computedMembers(node: ASTNode): ASTNode[] {
  if (node.op === '.' || node.op === '.?') return computedMembers(node.args[0]);
  if (node.op === '[]' || node.op === '[?]') return [...computedMembers(node.args[0]), node.args[1]];
  return [];
}

function children(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(children);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}
