/** Elements of HTML that have no end. */
const empty = new Set(['meta', 'br', '!doctype']);

const illegal =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what no document may hold
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Names of the elements of an XML or HTML document, in order. Throws when it is not well-formed. */
export function elementsOf(markup: string): string[] {
  if (illegal.test(markup)) throw new Error('a character that no document may hold');
  const names: string[] = [];
  const open: string[] = [];
  const text = markup
    .replace(/<\?xml[^?]*\?>/, '')
    .replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '')
    // The style sheets are ours.
    .replace(/<style>[^<]*<\/style>/g, '');
  const rest = text.replace(
    /<(\/?)([a-z!][\w!-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/gi,
    (_, end, name, attributes, closed) => {
      for (const [, value = ''] of String(attributes).matchAll(/="([^"]*)"/g)) checkEntities(value);
      const lower = String(name).toLowerCase();
      if (end === '/') {
        const last = open.pop();
        if (last !== lower) throw new Error(`</${lower}> ends <${last}>`);
      } else {
        names.push(lower);
        if (closed !== '/' && !empty.has(lower)) open.push(lower);
      }
      return '';
    },
  );
  if (open.length > 0) throw new Error(`<${open.join('>, <')}> never ends`);
  if (/[<]/.test(rest)) throw new Error(`a tag that is none: ${rest.slice(rest.indexOf('<'), rest.indexOf('<') + 60)}`);
  checkEntities(rest);
  return names;
}

function checkEntities(text: string): void {
  const bare = /&(?!(amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);).{0,20}/i.exec(text);
  if (bare) throw new Error(`an ampersand that is none: ${bare[0]}`);
}
