/** Addresses of our own pages. */

/** What is chosen on this page, kept in its address without a new page; '' takes it out. */
export function inAddress(name: string, value: string): void {
  const url = new URL(location.href);
  if (value === '') url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  history.replaceState(null, '', url);
}

/** With the language that the reader chose for this page, if they chose one. */
export function withLanguage(path: string): string {
  const lang = new URLSearchParams(location.search).get('lang');
  return lang === null ? path : `${path}?${new URLSearchParams({ lang })}`;
}
