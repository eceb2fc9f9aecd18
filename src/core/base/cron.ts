/**
 * One field of a cron expression. A file is judged offline: can each of the five fields be read, and will the
 * expression ever come? `61 * * * *` has a minute that no hour has; `0 0 31 2 *` asks for 31 February. The package
 * that runs freezes can tell as much, but brings a calendar library, which `validate` would then load for every file.
 */
type Field = {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of three letters that may stand for numbers; the first one means `least`. */
  readonly names?: readonly string[];
};

const fields: readonly Field[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of the month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, names: "jan feb mar apr may jun jul aug sep oct nov dec".split(" ") },
  // 7 is Sunday too.
  { name: "day of the week", least: 0, most: 7, names: "sun mon tue wed thu fri sat".split(" ") },
];

/** The most days that each month can have; 29 February exists. */
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Why a cron expression can never run, as the end of a sentence (`is not a cron expression with five fields`); `undefined` when it can. */
export function refuseCron(expression: string): string | undefined {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== fields.length) return "is not a cron expression with five fields";
  const values: ReadonlySet<number>[] = [];
  for (const [index, field] of fields.entries()) {
    const read = readField(texts[index]!, field);
    if (typeof read === "string") return read;
    values.push(read);
  }
  const [, , days = new Set(), months = new Set()] = values;
  // With a day of the week as well, the expression also runs on those days.
  if (!isAny(texts[4]!)) return undefined;
  const comes = [...months].some((month) => [...days].some((day) => day <= monthDays[month - 1]!));
  return comes ? undefined : "never comes: no such month has such a day";
}

function isAny(text: string): boolean {
  return text === "*" || text === "?";
}

/** The values that a field stands for, or why it cannot be read. */
function readField(text: string, field: Field): ReadonlySet<number> | string {
  const values = new Set<number>();
  for (const item of (text === "?" ? "*" : text).split(",")) {
    const [range = "", step = "1", ...more] = item.split("/");
    const [from = "", to, ...rest] =
      range === "*" ? [String(field.least), String(field.most)] : range.split("-");
    const first = readNumber(from, field);
    const last = to === undefined ? (item.includes("/") ? field.most : first) : readNumber(to, field);
    const by = /^\d{1,3}$/.test(step) ? Number(step) : 0;
    const isRead = more.length + rest.length === 0 && first !== undefined && last !== undefined;
    if (isRead && by < 1) return `has \`${item}\` as its ${field.name}, whose step is no number from 1 on`;
    if (!isRead) return `has \`${item}\` as its ${field.name}, which is ${field.least} to ${field.most}`;
    if (last < first) return `has \`${item}\` as its ${field.name}, which ends before it begins`;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}

function readNumber(text: string, { least, most, names }: Field): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + least;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
