// Small tools: elements, unpacking, the state of the page and its address.
const $ = id => document.getElementById(id);
const still = matchMedia('(prefers-reduced-motion:reduce)');
const SVGNS = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; texts become text nodes, never markup. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [k, v] of Object.entries(value)) made.style.setProperty(k, v);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat().filter(c => c !== null && c !== undefined && c !== false));
  return made;
}
function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVGNS, tag);
  for (const [name, value] of Object.entries(attributes)) if (name === 'style') for (const [k, v] of Object.entries(value)) made.style.setProperty(k, v); else if (value !== undefined && value !== null) made.setAttribute(name, value);
  made.append(...children.flat());
  return made;
}
/** The text of a packed block: base 64, then gzip. */
async function unpackText(id) {
  const text = $(id).textContent, bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}
/** Work that may wait until the page has nothing else to do. */
const whenIdle = work => window.requestIdleCallback ? requestIdleCallback(work, { timeout: 1500 }) : setTimeout(work, 200);
const unpack = async id => JSON.parse(await unpackText(id));
/** vis-network comes packed too; the policy of the page allows exactly this script, by its hash. */
async function startVis() { const script = document.createElement('script'); script.textContent = await unpackText('vis'); document.head.append(script); }
const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
/** 12345 as 12,345; the formatter of the browser takes 30 ms to get ready. */
const thousands = n => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
const plural = (n, one, many) => `${thousands(n)} ${n === 1 ? one : many}`;
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Everything a reader can set. It lives in the address, so that a link brings back the same picture. */
const state = { view: 'islands', node: '', to: '', via: false, alone: false, colour: '', concepts: '', hide: new Set(), filters: new Map(), years: null };
const VIEWS = ['islands', 'columns', 'matrix', 'map', 'timeline', 'table'];
const views = () => VIEWS.filter(v => !G.ties || v !== 'columns');

const short = (facet, value) => value.startsWith(facet + ':') ? value.slice(facet.length + 1) : value;
function address() {
  const said = [];
  const say = (name, value) => said.push(`${name}=${encodeURIComponent(value).replace(/%3A/g, ':').replace(/%2C/g, ',')}`);
  if (state.view !== 'islands') say('view', state.view);
  for (const facet of G.facets) if (state.filters.has(facet.id)) say(facet.id, [...state.filters.get(facet.id)].map(v => short(facet.id, facet.values[v][0])).join(','));
  if (state.years) say('years', state.years.join('-'));
  if (state.hide.size) say('hide', [...state.hide].map(k => G.kinds[k].id).sort().join(','));
  if (state.colour) say('colour', state.colour);
  if (state.concepts) say('concepts', state.concepts);
  if (state.node) say('node', state.node);
  if (state.to) say('to', state.to);
  if (state.to && state.via) say('via', 'concepts');
  if (state.node && state.alone) say('alone', '1');
  return '#' + said.join('&');
}
function readAddress() {
  const said = new Map();
  for (const pair of location.hash.slice(1).split('&')) {
    const [name, ...rest] = pair.split('=');
    try { if (name) said.set(name, decodeURIComponent(rest.join('='))); } catch { /* a broken escape says nothing */ }
  }
  state.view = views().includes(said.get('view')) ? said.get('view') : 'islands';
  state.node = said.get('node') || '';
  state.to = state.node ? said.get('to') || '' : '';
  state.via = said.get('via') === 'concepts';
  state.alone = said.get('alone') === '1';
  state.colour = colourings().some(f => f.id === said.get('colour')) ? said.get('colour') : '';
  const asked = said.get('concepts') || state.node.split(':')[0];
  state.concepts = hubbings().some(f => f.id === asked) ? asked : '';
  if (state.concepts !== (G.hubs || '')) setHubs(state.concepts);
  const years = /^(\d{4})-(\d{4})$/.exec(said.get('years') || '');
  state.years = years ? [+years[1], +years[2]] : null;
  state.hide = new Set((said.get('hide') || '').split(',').map(id => G.kinds.findIndex(k => k.id === id)).filter(k => k >= 0));
  state.filters = new Map();
  for (const facet of G.facets) {
    const wanted = (said.get(facet.id) || '').split(',').filter(Boolean);
    const found = wanted.map(w => facet.values.findIndex(([id]) => short(facet.id, id) === w)).filter(v => v >= 0);
    if (found.length) state.filters.set(facet.id, new Set(found));
  }
}
/** Change the state: one entry in the history, one repaint. */
function go(change) {
  change(state);
  const next = address();
  if (next === (location.hash || '#')) return refresh();
  try { history.pushState(null, '', next); } catch { location.hash = next; return; }      // a page inside another one may only set its hash; hashchange repaints
  readAddress(); refresh();      // Back undoes: hashchange tells of it
}

/** The mark of a kind: shape and colour, as in the picture. */
function glyph(kind, size = 14) {
  const at = 7, made = svg('svg', { class: 'glyph', viewBox: '0 0 14 14', width: size, height: size, 'aria-hidden': 'true' });
  const { shape, colour } = G.kinds[kind];
  const path = { dot: 'M7 1.6a5.4 5.4 0 1 0 .01 0z', triangle: 'M7 1.2 13 12.4H1z', square: 'M2 2h10v10H2z', diamond: 'M7 .6 13.4 7 7 13.4.6 7z', triangleDown: 'M7 12.8 1 1.6h12z', hexagon: 'M3.9 1.6h6.2L13.2 7l-3.1 5.4H3.9L.8 7z',
    star: 'M7 .6 8.9 5l4.7.4-3.6 3.1 1.1 4.7L7 10.7l-4.1 2.5L4 8.5.4 5.4 5.1 5z' }[shape];
  made.append(svg('path', { d: path || `M${at} ${at}h1`, fill: !state.colour ? colour : kind === CASE ? 'none' : tone.mute, stroke: 'var(--ink)', 'stroke-width': .7, 'stroke-opacity': .55 }));
  return made;
}
