import { adopt, h } from './dom.js';

function channels(colour) {
  const found = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(colour);
  return found && found[4] !== '0' ? found.slice(1, 4).map(Number) : null;
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((c) => (c / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG contrast of two colours given as [r, g, b]. */
export function contrast(one, two) {
  const [dark, light] = [luminance(one), luminance(two)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The ground an element stands on: the first painted background up the tree. */
function ground(element) {
  for (let node = element; node; node = node.parentElement) {
    const rgb = channels(getComputedStyle(node).backgroundColor);
    if (rgb) return rgb;
  }
  return [255, 255, 255];
}

function probe(host, kind, property) {
  const sample = h('a', { class: kind, href: '#', hidden: true });
  host.append(sample);
  const rgb = channels(getComputedStyle(sample)[property]);
  sample.remove();
  return rgb;
}

/**
 * Colours the theme does not hand out are read off it: the paper we stand on, the fill of its main button (else its
 * link colour) as accent. Written as one more style sheet, since style attributes are not ours to set.
 */
export function readTheme(host) {
  const paper = ground(host);
  const ink = channels(getComputedStyle(host).color) ?? [0, 0, 0];
  const accent = probe(host, 'button button--primary', 'backgroundColor') ?? probe(host, '', 'color') ?? ink;
  const seen = contrast(accent, paper) >= 3 ? accent : ink;
  const onAccent = contrast(seen, [255, 255, 255]) >= contrast(seen, [0, 0, 0]) ? '#fff' : '#000';
  const link = contrast(seen, paper) >= 4.5 ? `rgb(${seen})` : 'currentColor';
  host.classList.toggle('ip-dark', luminance(paper) < 0.2);
  adopt(`.ip-portal{--ip-paper:rgb(${paper});--ip-accent:rgb(${seen});--ip-on-accent:${onAccent};--ip-link:${link}}`);
}

const themed = new WeakSet();

/**
 * Put a panel of ours into the checkout's main column, before `next` or first, again whenever React's drawing lost it.
 * Its colours are read when it first stands there.
 */
export function putPanel(panel, next) {
  const home = next?.parentNode ?? document.querySelector('.layout-main') ?? document.querySelector('#checkout-app');
  if (!home || home.contains(panel)) return;
  home.insertBefore(panel, next ?? home.firstChild);
  if (!themed.has(panel)) readTheme(panel);
  themed.add(panel);
}
