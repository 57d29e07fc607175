/** Addresses of our own pages. */

/** With the language that the reader chose for this page, if they chose one. */
export function withLanguage(path: string): string {
  const lang = new URLSearchParams(location.search).get('lang');
  return lang === null ? path : `${path}?${new URLSearchParams({ lang })}`;
}
