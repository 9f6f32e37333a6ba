/** What a template of Home Assistant reads. */
export interface Template {
  /** Members of a JSON payload, several levels separated by dots; empty for a bare value. */
  readonly key: string;
  /** What numbers are multiplied by; undefined where something else is made of them. */
  readonly factor: number | undefined;
}

/** Longer ones are programs. */
const MAX_TEMPLATE = 300;
const PATH = /value_json((?:\.\w{1,40}|\[(?:['"][^'"\]]{1,40}['"]|\d{1,3})\]){1,6})/;
const EXPRESSION = /\{\{([^{}]{1,300})\}\}/;
/** A value where it stands in an expression. */
const VALUE = /value(?:_json)?(?:\.\w{1,40}|\[[^\]]{1,42}\]){0,6}/;
/** What leaves a number the number that it is. */
const FILTER =
  /\|\s{0,4}(?:float|int|round|default|d|is_defined|string|trim|abs|from_json)\b\s{0,2}(?:\([^()]{0,40}\))?/g;
const MULTIPLY = /\|\s{0,4}multiply\s{0,2}\(\s{0,2}([\d.]{1,12})\s{0,2}\)/g;
/** How many decimals are shown. */
const FORMAT = /(["'])%[\d.]{0,6}[fd]\1\s{0,4}\|\s{0,4}format/;
const SCALE = /^([*/])(\d{1,7}(?:\.\d{1,7})?)$/;

/**
 * `{{ value_json.BME280.Temperature | round(1) }}` reads `BME280.Temperature`, `{{ value | float / 10 }}` a tenth of the
 * payload; anything cleverer is not followed.
 */
export function templateOf(template: string | undefined): Template {
  if (template === undefined) return { key: '', factor: 1 };
  if (template.length > MAX_TEMPLATE) return { key: '', factor: undefined };
  const [, path = ''] = PATH.exec(template) ?? [];
  const parts = path.replace(/\[['"]?|['"]?\]/g, '.').split('.');
  return { key: parts.filter(Boolean).join('.'), factor: factorIn(EXPRESSION.exec(template)?.[1] ?? '') };
}

function factorIn(expression: string): number | undefined {
  // `x if x is defined else 0` is x.
  const [head = ''] = expression.split(/\sif\s/, 1);
  if (!VALUE.test(head)) return undefined;
  const rest = head
    .replace(VALUE, '')
    .replace(FORMAT, '')
    .replace(MULTIPLY, '*$1')
    .replace(FILTER, '')
    .replace(/[\s()]/g, '')
    .replace(/^(?:float|int)/, '');
  if (rest === '') return 1;
  const [, sign, digits] = SCALE.exec(rest) ?? [];
  const number = Number(digits);
  return sign === undefined || !(number > 0) ? undefined : sign === '*' ? number : 1 / number;
}
