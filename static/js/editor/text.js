// Reckoning with texts; knows nothing of the page.

import { SEAM, closed, leavesSeam } from "./seams.js";

// The server counts code points, a textarea units of UTF-16.
export function unit(text, point) {
  let at = 0;
  for (let left = point; left > 0 && at < text.length; left -= 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

const ENDS = /[。！？!?]+[”’」』】）》"')\]]*|\.(?=\s|$)|\n/g;

// The sentence, or the line, around a stretch of a text.
export function sentenceAround(text, from, to) {
  let [first, last] = [0, text.length];
  for (const end of text.matchAll(ENDS)) {
    const after = end.index + end[0].length;
    if (after <= from) first = after;
    else if (end.index >= to - 1) {
      last = end[0] === "\n" ? end.index : after;
      break;
    }
  }
  return [Math.min(first + text.slice(first).search(/\S|$/), from), Math.max(last, to)];
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

// The text with its fixes; they must not overlap. Where one takes words out, their marks go with them.
export function fixed(text, fixes) {
  const seam = text.includes(SEAM) ? "" : SEAM;
  const backwards = [...fixes].sort((one, other) => other.from - one.from);
  const whole = backwards.reduce(
    (now, { from, to, put }) => now.slice(0, from) + (put || (leavesSeam(now.slice(from, to)) ? seam : "")) + now.slice(to),
    text,
  );
  return seam ? closed(whole) : whole;
}
