/**
 * What the pages of the nodes share in the editor: how values are checked, and fields whose value may come from a
 * message, a context or the environment. Each page names this file; running it again changes nothing.
 */
(() => {
  const TEXTS = '@mqtt-security/node-red-contrib-mqtt-scanner/mqtt-scan-profile:mqtt-scanner.validation.';
  const REFERENCES = ['msg', 'flow', 'global', 'env'];

  const say = (key, places) => RED._(TEXTS + key, places);
  const textOf = (value) => String(value ?? '');
  const entriesOf = (value) =>
    textOf(value)
      .split(/[\s,;]+/)
      .filter(Boolean);

  /** Node-RED fills in a variable only where it is the whole value. */
  const isVariable = (value) => /^\$\{[^}]+\}$/.test(textOf(value));

  /** Empty means the default; what a variable holds is known only when the flow runs. */
  function number({ min, max, label, whole = false }) {
    return function (value, _opt) {
      const text = textOf(value);
      if (text === '' || isVariable(text)) return true;
      const given = text.trim() === '' ? Number.NaN : Number(text);
      const isNumber = whole ? Number.isInteger(given) : Number.isFinite(given);
      if (isNumber && given >= min && given <= max) return true;
      return say(whole ? 'whole' : 'number', { label: this._(label), min, max });
    };
  }

  const isPort = (text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;

  /** `1883`, `1883-1890`, `9001/ws` */
  function isPortEntry(entry) {
    const [, first, last] = /^(\d+)(?:-(\d+))?(?:\/(?:tcp|mqtt|tls|mqtts|ws|wss))?$/i.exec(entry) ?? [];
    if (first === undefined || !isPort(first)) return false;
    return last === undefined || (isPort(last) && Number(last) >= Number(first));
  }

  /** `#` is the last level, and both wildcards are a level of their own. */
  function isPlainFilter(text) {
    const levels = text.split('/');
    return levels.every((level, i) => {
      if (level === '#') return i === levels.length - 1;
      return level === '+' || !/[#+]/.test(level);
    });
  }

  /** `$share/<name>/` may stand before a filter. */
  function isSharedFilter(text) {
    return isPlainFilter(/^\$share\/[^/+#]+\/(.+)$/.exec(text)?.[1] ?? '#/');
  }

  function isAddress(text) {
    const parts = text.split('.');
    return (
      parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
    );
  }

  /** A range that ends before it starts is refused. */
  function isRange(first, last) {
    const value = (address) => address.split('.').reduce((sum, part) => 256 * sum + Number(part), 0);
    return isAddress(first) && isAddress(last) && value(first) <= value(last);
  }

  /** An address, a network, a range or a host name; of IPv6 the characters are looked at only. */
  function isPlace(text) {
    if (text.includes(':')) return /^(?=.*:.*:)[\da-f:.]+(?:%\w+)?(?:\/\d{1,3}|-[\da-f:.]+)?$/i.test(text);
    const [, network, bits] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
    if (network !== undefined) return isAddress(network) && Number(bits) <= 32;
    const [, first, last] = /^([\d.]+)-([\d.]+)$/.exec(text) ?? [];
    if (first !== undefined)
      return isRange(first, /^\d{1,3}$/.test(last) ? first.replace(/\d+$/, last) : last);
    if (/^[\d.]+$/.test(text)) return isAddress(text);
    const labels = text.replace(/\.$/, '').split('.');
    const isLabel = (label) => /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?$/u.test(label);
    return text.length <= 253 && labels.every(isLabel) && !/^(?:\d+|0x[\da-f]*)$/i.test(labels.at(-1));
  }

  /** A place with what may stand around it: `!` before, a scheme, a port behind. */
  function isTarget(entry) {
    const bare = entry
      .replace(/^!/, '')
      .replace(/^(?:mqtts?|wss?|tcp|tls|ssl):\/\//i, '')
      .replace(/\/$/, '');
    const [, inner, port] = /^\[([^\]]+)\](?::(\d+))?$/.exec(bare) ?? /^([^:]+):(\d+)$/.exec(bare) ?? [];
    if (inner === undefined) return isPlace(bare);
    return isPlace(inner) && (port === undefined || isPort(port));
  }

  /** A list whose wrong entry is shown. */
  function list(key, label, isRight, entries = entriesOf) {
    return function (value, _opt) {
      if (isVariable(value)) return true;
      const wrong = entries(value).find((entry) => !isRight(entry));
      return wrong === undefined || say(key, { label: this._(label), entry: wrong.slice(0, 60) });
    };
  }

  const ports = (label) => list('ports', label, isPortEntry);
  const scope = (label) => list('scope', label, isPlace);
  /** A filter may contain blanks, so commas and lines separate them. Nothing retained comes to shared ones. */
  function filters(label, { shared = false } = {}) {
    const isRight = (text) =>
      text.startsWith('$share/') ? shared && isSharedFilter(text) : isPlainFilter(text);
    return list('filters', label, isRight, (value) =>
      textOf(value)
        .split(/\s*[,\n]\s*/)
        .filter(Boolean),
    );
  }

  function targets(label) {
    const known = list('target', label, isTarget);
    return function (value, opt) {
      // A login in a target would be stored with the flow, readable for everybody.
      if (/:\/\/[^\s,;]*@/.test(textOf(value))) return say('login', { label: this._(label) });
      return known.call(this, value, opt);
    };
  }

  /** For a field whose type stands in the property `<property>Type`; nodes of older flows have texts only. */
  function typed(property, label, validate) {
    return function (value, opt) {
      // While its dialog is open the node still has the type from before.
      const type = $(`#node-input-${property}Type`).val() || this[`${property}Type`] || 'str';
      if (!REFERENCES.includes(type)) return validate.call(this, value, opt);
      if (textOf(value).trim() === '') return say('blank', { label: this._(label) });
      return RED.utils.validateTypedProperty(value, type, { label: this._(label) });
    };
  }

  /** Makes a field of the open dialog a typed one. @param text how a value that is typed in looks */
  function typedInput(property, text = 'str') {
    const field = $(`#node-input-${property}`);
    field.typedInput({
      default: 'str',
      types: [text, ...REFERENCES],
      typeField: `#node-input-${property}Type`,
    });
    // The field that the label is for is hidden now; the label itself gets its text later.
    const label = $(`label[for=node-input-${property}]`).attr('id', `node-label-${property}`);
    field.parent().find('.red-ui-typedInput-input').attr('aria-labelledby', label.attr('id'));
  }

  window.mqttScannerEditor = { isVariable, number, ports, scope, filters, targets, typed, typedInput };
})();
