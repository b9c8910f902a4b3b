// Reckoning with texts; knows nothing of the page.

// The server counts code points, a textarea units of UTF-16.
export function unit(text, point) {
  let at = 0;
  for (let left = point; left > 0 && at < text.length; left -= 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

// What lies between the beginning and the end that two texts share.
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let low = 0;
  while (low < most && before[low] === after[low]) low += 1;
  if (low && /[\ud800-\udbff]/.test(before[low - 1])) low -= 1;
  let tail = 0;
  while (tail < most - low && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  if (tail && /[\udc00-\udfff]/.test(before.at(-tail))) tail -= 1;
  return { low, high: before.length - tail, put: after.slice(low, after.length - tail) };
}

// The text with its fixes; they must not overlap.
export function fixed(text, fixes) {
  const backwards = [...fixes].sort((one, other) => other.from - one.from);
  return backwards.reduce((whole, { from, to, put }) => whole.slice(0, from) + put + whole.slice(to), text);
}
