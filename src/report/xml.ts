import {harmless, oneLine} from '../io/text.ts';

const entityOf: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Halves of surrogate pairs and non-characters: no XML document may hold them, however they are written. */
const illegal = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g;

/** Replaces what is markup in HTML and SVG; for texts without control characters. */
export const entities = (text: string): string => text.replace(/[&<>"']/g, (character) => entityOf[character] ?? '');

/** Makes what neither a terminal nor an XML document may hold visible: `\\u0000`. Line feeds stay. */
export const legal = (text: string): string =>
  harmless(text).replace(illegal, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Text from outside as text or attribute of HTML and SVG, on one line: nothing in it is markup or a control character. */
export const escapeXml = (text: string): string => entities(legal(oneLine(text)));
