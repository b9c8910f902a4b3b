// Where words were taken out, the marks and blanks around them are put in order again; the server does the very same in
// copilot/domain/checks/seams.py. Knows nothing of the page.

export const SEAM = "\ufdd0"; // No character of any text.

const BLANKS = " \\t\\u00a0\\u3000";
const EMOJI = "\\u{1f000}-\\u{1faff}☀-➿⬀-⯿⌀-⏿↔-↪〽㊗㊙";
const LETTER = "[\\p{L}\\p{N}]";
const WORDS = new RegExp(`[\\p{L}\\p{N}${EMOJI}]`, "u");
const LEADING = new RegExp(`^${LETTER}`, "u");
const ENDING = new RegExp(`${LETTER}$`, "u");
const BLANK = new RegExp(`^[${BLANKS}]*$`, "u");
// An ASCII mark may belong to a number, an address, a time or a face; then it is none of the sentence's.
const TOKEN = new RegExp(
  "(?<stop>(?:[。！？!?…～~]|\\.(?![A-Za-z0-9]))+)" +
    "|(?<pause>[，、；：]|[,;](?![0-9])|:(?![/0-9()DP\\-]))" +
    `|(?<dash>——|[—–]|(?<=[${BLANKS}${SEAM}])-(?=[${BLANKS}${SEAM}]))` +
    `|[${BLANKS}${SEAM}]`,
  "gu",
);
const WEIGHT = { "、": 1, "，": 2, ",": 2, "；": 4, ";": 4, "：": 5, ":": 5 };
const DASH = 3;
const STOP = 6;
const STAYS = 5; // From this weight on, a mark may end a line.
const FULL_WIDTH = "，、；：。！？…～";
const OPENERS = "（(「『《【〈“‘[{";
const CLOSERS = "）)」』》】〉”’]}";
const EMPTIED = `[${BLANKS}，、；：。！？,;:!?]*${SEAM}[${BLANKS}，、；：。！？,;:!?${SEAM}]*`;
const EMPTY = new RegExp(
  [
    ...[...OPENERS].map((one, at) => `${escaped(one)}${EMPTIED}${escaped(CLOSERS[at])}`),
    // Of straight quotation marks, one behind words closes what was said before.
    `(?<!${LETTER})(?<!${SEAM})"${EMPTIED}"(?!${LETTER})`,
  ].join("|"),
  "gu",
);
// What points at a line or numbers it: alone it says nothing.
const BULLET = `[${BLANKS}]*(?:(?:[\\-*•·–>]|[0-9]{1,2}[.、)）．]|[一二三四五六七八九十]{1,3}、|[①-⑳👉➡▶🔸🔹🔶🔷📌📍✅☑✔➤➜🔴🟢🟡🔵🟠])\\ufe0f?[${BLANKS}]*)?`;
const HEAD = new RegExp(`^${BULLET}`, "u");
const START = new RegExp(`^${BULLET}(?:[${EMOJI}\\ufe0f]{1,8}[${BLANKS}]*)?$`, "u");
const NOTHING = new RegExp(`^[${BLANKS}${SEAM}，、；：。！？…～,;:!?.~—–\\-]*$`, "u");

// Whether taking these out leaves marks behind that were theirs: a mark or a blank alone has none.
export const leavesSeam = (words) => WORDS.test(words);

// The text with every seam closed.
export function closed(text) {
  if (!text.includes(SEAM)) return text;
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(EMPTY, SEAM);
  }
  return left(text.split("\n"))
    .map((line) => (line.includes(SEAM) ? closedLine(line) : line))
    .join("\n");
}

// The lines without those of which nothing is left; of the empty ones around them the longer stretch stays.
function left(lines) {
  const kept = [];
  // The empty lines since the last that says something, parted by those that went.
  let stretches = [[]];
  const letGo = (isLast) => {
    const longest = stretches.reduce((one, other) => (other.length > one.length ? other : one));
    if (stretches.length === 1 || (kept.length && !isLast)) kept.push(...longest);
    stretches = [[]];
  };
  for (const line of lines) {
    if (line.includes(SEAM) && NOTHING.test(line.replace(HEAD, ""))) stretches.push([]);
    else if (BLANK.test(line)) stretches.at(-1).push(line);
    else {
      letGo(false);
      kept.push(line);
    }
  }
  letGo(true);
  return kept;
}

// A line that keeps some of its words.
function closedLine(line) {
  let put = "";
  let done = 0;
  let isBeheaded = false;
  for (const run of runs(line)) {
    put += line.slice(done, run.start);
    const seam = line.slice(0, run.end).indexOf(SEAM, run.start);
    if (seam >= 0 && START.test(put + line.slice(run.start, seam))) {
      put += run.end < line.length ? line.slice(run.start, seam) : "";
      isBeheaded = true;
    } else if (!(isBeheaded && run.mark && START.test(put))) {
      put += seam < 0 ? line.slice(run.start, run.end) : between(line, run);
    }
    done = run.end;
  }
  return put + line.slice(done);
}

// The longest stretches of marks, blanks and seams, and of each the mark that parts most.
function runs(line) {
  const found = [];
  for (const token of line.matchAll(TOKEN)) {
    let run = found.at(-1);
    if (!run || run.end < token.index) found.push((run = { start: token.index, mark: "", weight: 0, isSpaced: false }));
    const { stop, dash } = token.groups;
    const weight = stop ? STOP : dash ? DASH : (WEIGHT[token[0]] ?? 0);
    if (weight > run.weight) [run.mark, run.weight] = [token[0], weight];
    run.isSpaced ||= token[0] !== SEAM && BLANK.test(token[0]);
    run.end = token.index + token[0].length;
  }
  return found;
}

// What stands between the words before and behind: the first mark that ends a sentence, or the one that parts most.
function between(line, { start, end, mark, weight, isSpaced }) {
  const after = line[end] ?? "";
  if (opens(line, start)) return "";
  if (!after || closes(line, end)) return weight >= STAYS ? mark : "";
  if (weight === DASH) return isSpaced && mark !== "——" ? ` ${mark} ` : mark;
  if (mark && (FULL_WIDTH.includes(mark.at(-1)) || after > "\u007f")) return mark;
  return mark || isSpaced ? `${mark} ` : "";
}

// Of straight quotation marks every other one opens a pair.
function opens(line, at) {
  const before = line[at - 1] ?? "";
  if (before === '"') return isWithin(line, at) && !ENDING.test(line.slice(0, at - 1));
  return Boolean(before) && OPENERS.includes(before);
}

function closes(line, at) {
  const after = line[at] ?? "";
  if (after === '"') return isWithin(line, at) && !LEADING.test(line.slice(at + 1));
  return Boolean(after) && CLOSERS.includes(after);
}

const isWithin = (line, at) => line.slice(0, at).split('"').length % 2 === 0;

function escaped(mark) {
  return /[()[\]{}]/.test(mark) ? `\\${mark}` : mark;
}
