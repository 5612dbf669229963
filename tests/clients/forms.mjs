// Reads the forms of a page, for a browser without a renderer.

/**
 * @param page the HTML of a page
 * @param preferred the value of the button to press; otherwise, the first button
 * @returns { action, fields } of the form with method "post" that has this button, or of the first one, or undefined
 */
export function pressButton(page, preferred) {
  const forms = [...page.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)]
    .map(([, tag, content]) => ({ attributes: attributesOf(tag), content }))
    .filter(({ attributes }) => attributes.method?.toLowerCase() === 'post')
    .map(toForm);
  const form = forms.find(({ buttons }) => buttons.some(({ value }) => value === preferred)) ?? forms[0];
  if (!form) {
    return undefined;
  }
  const pressed = form.buttons.find(({ value }) => value === preferred) ?? form.buttons[0];
  return {
    action: pressed?.formaction ?? form.action,
    fields: [...form.fields, ...(pressed?.name ? [pressed] : [])].map(({ name, value }) => [name, value ?? '']),
  };
}

/** The visible text of a page. */
export function textOf(page) {
  return decode(page.replace(/<(script|style|title)[^>]*>.*?<\/\1>/gs, ' ').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim());
}

function toForm({ attributes, content }) {
  const elements = [...content.matchAll(/<(input|button)\b([^>]*)>/gi)]
    .map(([, element, tag]) => ({ element: element.toLowerCase(), ...attributesOf(tag) }))
    .filter(({ disabled }) => disabled === undefined);
  return {
    action: attributes.action ?? '',
    fields: elements.filter(({ element, type, name }) => element === 'input' && type === 'hidden' && name),
    buttons: elements.filter(({ element, type = 'submit' }) => (element === 'button' ? type === 'submit' : type === 'submit')),
  };
}

function attributesOf(tag) {
  const found = tag.matchAll(/([^\s"'=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g);
  return Object.fromEntries([...found].map(([, name, ...values]) => [name.toLowerCase(), decode(values.find((value) => value !== undefined) ?? '')]));
}

function decode(text) {
  const names = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi, (_, hex, decimal, name) =>
    name ? names[name.toLowerCase()] : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)));
}
