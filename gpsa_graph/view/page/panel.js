// The details of one thing: facts with numbered sources, who took part, results, what it is like, and the way to another thing.
let numbers = new Map();
const number = s => { if (!numbers.has(s)) numbers.set(s, numbers.size + 1); return numbers.get(s); };
function refs(list) {
  if (!list || !list.length) return null;
  return el('sup', {}, list.map((s, i) => [i ? ' ' : '', el('a', { href: `#source-${number(s)}`, class: 'ref', 'data-source': number(s), 'aria-label': `Source ${number(s)}`, onclick: lightSource }, String(number(s)))]).flat());
}
function lightSource(event) {
  event.preventDefault();
  const n = event.currentTarget.dataset.source, item = $('panel').querySelector(`[data-n="${n}"]`);
  if (!item) return;
  item.closest('details').open = true;
  $('panel').querySelectorAll('.lit').forEach(o => o.classList.remove('lit'));
  item.classList.add('lit'); item.scrollIntoView({ block: 'nearest', behavior: still.matches ? 'auto' : 'smooth' });
  const link = item.querySelector('a'); if (link) link.focus({ preventScroll: true });
}
const marks = said => (said.mark || []).map(m => el('span', { class: 'mark' }, m));
const notes = said => (said.note || []).map(n => el('span', { class: 'note' }, n));
const anchor = (href, text, act, title) => el('a', { href, class: 'link', title, onclick: e => { e.preventDefault(); act(); } }, text);
const link = i => anchor(`#node=${encodeURIComponent(G.nodes[i].id)}`, G.nodes[i].l, () => choose(i));
function section(title, n, body, opened) {
  const made = el('details', {}, el('summary', {}, title, el('span', { class: 'n' }, n === null ? '' : String(n))), body);
  made.open = opened;
  return made;
}
function factRows(facts) {
  return el('dl', {}, facts.flatMap(([label, values]) => [el('dt', {}, label), el('dd', {}, values.map(said => {
    if (!said.go) return el('div', {}, said.v, refs(said.src), marks(said), notes(said));
    const facet = G.facets[said.go[0]], v = said.go[1], [id, words] = facet.values[v];
    return el('div', {}, anchor(`#${facet.id}=${encodeURIComponent(short(facet.id, id))}`, words, () => { if (!(state.filters.get(facet.id) || new Set()).has(v)) toggle(facet.id, v); }, `Filter: ${facet.name}`), refs(said.src), marks(said), notes(said));
  }))]));
}
function partRows(parts) {
  return el('ul', {}, parts.map(said => el('li', {}, said.finding ? el('span', { class: `finding ${said.finding[1]}` }, `${said.finding[0]}: `) : null, said.v, refs(said.src), marks(said),
    said.kind ? el('span', { class: 'note' }, said.kind.join(', ')) : null, notes(said))));
}
const HOW = { grantee: 'leads', partner: 'partner', 'public-body': 'public body', related: 'related case' };
function neighbourSections(i) {
  const groups = new Map();
  for (const [e, o] of adjacent[i]) { const k = G.nodes[o].k; if (!groups.has(k)) groups.set(k, []); groups.get(k).push([e, o]); }
  const name = k => G.nodes[i].k === CASE && k === CASE ? 'Related cases' : G.kinds[k].name;
  return [...groups].sort((a, b) => a[0] - b[0]).map(([k, list]) => section(name(k), list.length, el('ul', {}, list.sort((a, b) => (G.nodes[a[1]].l < G.nodes[b[1]].l ? -1 : 1)).map(([e, o]) => {
    const said = D.links[e], part = G.edges[e][2];
    if (part === 'tie') return tieRow(e, o, said);
    return el('li', { class: 'person' }, glyph(k), el('span', {}, link(o), refs(said.src), HOW[part] && (part === 'grantee' || k === CASE && part !== 'related') ? el('span', { class: 'mark' }, HOW[part]) : null, marks({ mark: G.nodes[o].m }),
      said.called ? el('span', { class: 'note' }, `called \u201c${said.called}\u201d`) : null, said.role ? el('span', { class: 'role' }, said.role) : null,
      said.classed ? el('span', { class: 'note' }, 'classed here: ' + said.classed.join(', ')) : null, notes(said)));
  })), list.length <= 8 || k === CASE));
}
/** A tie: the other end, in how many cases, and which. */
function tieRow(e, o, said) {
  const cases = G.edges[e][4];
  return el('li', { class: 'person' }, glyph(G.nodes[o].k), el('span', {}, link(o), refs(said.src), notes(said),
    el('details', { class: 'behind' }, el('summary', {}, plural(cases.length, 'case', 'cases')), el('ul', {}, cases.map(c => el('li', {}, link(c)))))));
}
function sourceList() {
  const rows = [...numbers].map(([s, n]) => {
    const [title, publisher, date, kind, url, shown] = D.sources[s];
    return el('li', { 'data-n': n }, el('div', {}, [publisher, ': '].join(''), url ? el('a', { href: url, rel: 'noopener noreferrer', target: '_blank' }, title) : title, [date ? `, ${date}` : '', ` (${kind}).`, shown ? ` ${shown}` : ''].join('')));
  });
  return section('Sources', rows.length, el('ol', { class: 'sources' }, rows), true);
}
function drawPanel() {
  const panel = $('panel'), was = panel.hidden;
  if (!state.node) { panel.hidden = true; panel.classList.remove('tall'); return; }
  panel.hidden = false;
  if (was) panel.scrollTop = 0;
  const i = byId.get(state.node);
  numbers = new Map();
  if (i === undefined) return panel.replaceChildren(...unknown());
  const node = G.nodes[i];
  const head = el('div', { class: 'kind' }, glyph(node.k), G.kinds[node.k].one, el('button', { type: 'button', 'aria-label': 'Close', onclick: () => go(s => { s.node = ''; s.to = ''; s.alone = false; }) }, '\u00d7'));
  const acts = el('div', { class: 'acts' },
    el('button', { type: 'button', id: 'path-button', onclick: () => pickEnd(i) }, 'Path to \u2026'),
    el('button', { type: 'button', 'aria-pressed': String(state.alone), onclick: () => go(s => { s.alone = !s.alone; }) }, state.alone ? 'Show all' : 'Show alone'),
    el('button', { type: 'button', onclick: e => copy(location.href, e.currentTarget) }, 'Copy link'),
    el('button', { type: 'button', onclick: () => cite(i) }, 'Cite'));
  const body = [head, el('h2', { class: 'title', tabindex: '-1' }, node.l), marks({ mark: node.m }), acts, el('div', { id: 'pick' })];
  if (!D) body.push(el('p', {}, 'Reading the sources \u2026'));
  else {
    const said = D.things[i];
    if (state.to) body.push(...routeRows(i));
    body.push(factRows(said.facts));
    if (said.absent && said.absent.length) body.push(el('p', { class: 'absent' }, `No source that was read states: ${said.absent.join(', ').toLowerCase()}.`));
    body.push(...neighbourSections(i));
    for (const [key, title] of [['results', 'Results'], ['challenges', 'Challenges'], ['lessons', 'Lessons'], ['people', 'People named in an office'], ['gaps', 'What is missing']])
      if (said[key]) body.push(section(title, said[key].length, partRows(said[key]), key === 'results'));
    if (node.k === CASE) { const like = said.like ? said.like.map(([o, why]) => ({ node: o, why })) : similar(i); if (like.length) body.push(section('Similar cases', like.length, el('ul', {}, like.map(l => el('li', { class: 'person' }, glyph(CASE), el('span', {}, link(l.node), el('span', { class: 'note' }, `both: ${l.why.slice(0, 4).join(', ') || 'kind of result'}`))))), false)); }
    body.push(sourceList());
  }
  panel.replaceChildren(...body.flat());
}
function unknown() {
  const id = state.node, words = id.replace(/^.*:/, '').replace(/-/g, ' ');
  const near = words.split(' ').map(w => search(w, 3)).flat().filter(h => h.node !== undefined).slice(0, 5);
  return [el('div', { class: 'kind' }, 'Not here', el('button', { type: 'button', 'aria-label': 'Close', onclick: () => go(s => { s.node = ''; }) }, '\u00d7')),
    el('h2', { class: 'title' }, `Nothing in this page is called \u201c${id}\u201d`), el('p', {}, near.length ? 'Names that look like it:' : 'Search for another word of its name.'),
    el('ul', {}, near.map(h => el('li', { class: 'person' }, glyph(G.nodes[h.node].k), link(h.node))))];
}
function pickEnd(i) {
  const list = el('ul', { id: 'ends', role: 'listbox', 'aria-label': 'Found' }), box = el('input', { type: 'search', placeholder: 'Path to which thing?', 'aria-label': 'Path to which thing?', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': 'ends', 'aria-autocomplete': 'list' });
  list.hidden = true;
  startSearch(box, list, hit => { if (hit.node !== i) go(s => { s.to = G.nodes[hit.node].id; }); }, 'nodes');
  $('pick').replaceChildren(el('div', { class: 'pick' }, box, list));
  box.focus();
}
function routeRows(i) {
  const end = byId.get(state.to), done = el('button', { type: 'button', onclick: () => go(s => { s.to = ''; }) }, 'Close path');
  const via = el('button', { type: 'button', 'aria-pressed': String(state.via), onclick: () => go(s => { s.via = !s.via; }) }, state.via ? 'Only through cases and actors' : 'Also through what cases share');
  if (end === undefined) return [el('p', { class: 'absent' }, `Nothing in this page is called \u201c${state.to}\u201d.`), done];
  const hops = chain(i, end, state.via);
  if (!hops) return [el('p', {}, `No chain of ${state.via ? 'cases, actors and what they share' : 'cases and actors'} joins this to ${G.nodes[end].l}.`), el('div', { class: 'acts' }, via, done)];
  return [el('h2', {}, `Path to ${G.nodes[end].l}`), el('ol', {}, hops.map((hop, n) => el('li', { class: 'hop' }, el('span', { class: 'n' }, `${n + 1}.`), el('span', {},
    `${nameOf(hop.from)} ${verb(hop)} ${nameOf(hop.to)}`, refs(hop.edge !== null ? D.links[hop.edge].src : conceptSources(hop)))))), el('div', { class: 'acts' }, via, done)];
}
function conceptSources(hop) {
  const [node, key] = typeof hop.from === 'string' ? [hop.to, hop.from] : [hop.from, hop.to], [f, v] = key.split('\u0000');
  const at = G.facets.findIndex(x => x.id === f);
  for (const [, values] of D.things[node].facts) for (const said of values) if (said.go && said.go[0] === at && said.go[1] === +v) return said.src;
  return [];
}
async function copy(text, button) {
  const was = button.textContent;
  try { await navigator.clipboard.writeText(text); button.textContent = 'Copied'; }
  catch { $('pick').replaceChildren(el('textarea', { readonly: true, 'aria-label': 'Copy this' }, text)); $('pick').firstChild.select(); }
  setTimeout(() => { button.textContent = was; }, 1500);
}
function cite(i) {
  const node = G.nodes[i], lines = [...numbers].map(([s, n]) => { const [title, publisher, date, kind, url, shown] = D.sources[s]; return `[${n}] ${publisher}: ${title}${date ? `, ${date}` : ''} (${kind}). ${url || shown}`.trim(); });
  $('pick').replaceChildren(el('textarea', { readonly: true, 'aria-label': 'Citation', rows: '6' }, `${node.l} (${node.id}), gpsa-graph, data version ${G.version} of ${G.date}.\n\nSources\n${lines.join('\n')}`));
  $('pick').firstChild.select();
}
