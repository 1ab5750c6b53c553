const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as text, in an element or a quoted attribute, whatever it holds. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)

/** JSON inside a script element: no `</script>` or `<!--` in a string can end or open anything. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

/** Program text inside a script element. */
export const scriptText = (program: string): string => program.replace(/<(?=\/script|!--)/gi, '\\x3c')
