/** Made when first asked for, and then kept. */
export function once<Made>(make: () => Made): () => Made {
  let made: {value: Made} | undefined;
  return () => {
    made ??= {value: make()};
    return made.value;
  };
}

/** A type in which some members are written as functions that make them. */
export type Deferred<Whole, Member extends keyof Whole> = Omit<Whole, Member> & {[Key in Member]: () => Whole[Key]};

/** An object whose `members` are made when they are first read, and once. */
export function madeOnRead<Whole extends object, Member extends keyof Whole>(
  written: Deferred<Whole, Member>,
  members: readonly Member[],
): Whole {
  const getters = members.map((member) => [member, {get: once(written[member] as () => unknown), enumerable: true}]);
  return Object.defineProperties({...written}, Object.fromEntries(getters)) as unknown as Whole;
}
