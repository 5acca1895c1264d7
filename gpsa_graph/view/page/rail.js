// Legend and facets with their counts, chips of what is set, and the search box.
const open = new Set(['sector', 'mechanism', 'result-kind', 'country']), whole = new Set();

function toggle(facet, value) {
  go(s => {
    const now = new Set(s.filters.get(facet) || []);
    if (now.has(value)) now.delete(value); else now.add(value);
    if (now.size) s.filters.set(facet, now); else s.filters.delete(facet);
  });
}
function drawRail() {
  const kept = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : '';
  const n = perKind();
  const list = $('legend').querySelector('ul');
  list.replaceChildren(...G.kinds.map((kind, k) => G.ties && k === CASE && G.nodes.some(o => o.off) ? el('li', { class: 'waiting' }, el('span', {}, 'Cases behind the ties'), el('span', { class: 'n' }, thousands(n[k]))) : el('li', {}, el('button', { type: 'button', class: 'row', 'data-key': `kind ${k}`, 'aria-pressed': String(!state.hide.has(k)), title: state.hide.has(k) ? 'Not shown; press to show' : 'Shown; press to hide',
    onclick: () => go(s => { if (s.hide.has(k)) s.hide.delete(k); else s.hide.add(k); }) }, glyph(k), el('span', { class: 'name' }, kind.name), el('span', { class: 'n' }, thousands(n[k]))))));
  if (G.ties && G.ties.reading) list.after(...($('reading') ? [] : [el('p', { id: 'reading' }, G.ties.reading)]));
  drawLooks();
  $('facets').replaceChildren(...G.facets.map(drawFacet), drawYears());
  if (kept) { const again = document.querySelector(`[data-key="${CSS.escape(kept)}"]`); if (again) again.focus({ preventScroll: true }); }
}
function drawFacet(facet) {
  const wanted = state.filters.get(facet.id) || new Set(), n = counts.get(facet.id), top = Math.max(1, ...n);
  const order = facet.values.map((_, v) => v).sort((a, b) => wanted.has(b) - wanted.has(a) || n[b] - n[a] || a - b);
  const shown = whole.has(facet.id) || order.length <= 9 ? order : order.slice(0, Math.max(7, wanted.size));
  const row = v => el('li', {}, el('button', { type: 'button', class: 'row' + (n[v] ? '' : ' none'), 'aria-pressed': String(wanted.has(v)), 'data-key': `${facet.id} ${v}`, onclick: () => toggle(facet.id, v) },
    el('span', { class: 'name' }, facet.values[v][1]), el('span', { class: 'n' }, thousands(n[v])), el('i', { class: 'bar', style: { width: n[v] ? `${100 * n[v] / top}%` : '0', 'min-width': n[v] ? '3px' : '0' } })));
  const more = order.length > shown.length || whole.has(facet.id) ? el('button', { type: 'button', class: 'more', 'data-key': `more ${facet.id}`, onclick: () => { if (whole.has(facet.id)) whole.delete(facet.id); else whole.add(facet.id); drawRail(); } },
    whole.has(facet.id) ? 'Show fewer' : `Show all ${facet.values.length}`) : null;
  const made = el('details', { 'data-facet': facet.id }, el('summary', { 'data-key': `open ${facet.id}` }, facet.name)), fill = () => { if (!made.children[1]) made.append(el('ul', {}, shown.map(row)), more || ''); };
  made.open = open.has(facet.id) || wanted.size > 0;
  if (made.open) fill();      // the rows of a folded facet are made when it is opened
  made.firstChild.addEventListener('click', fill);
  made.addEventListener('toggle', () => { if (made.open) { fill(); open.add(facet.id); } else open.delete(facet.id); });
  return made;
}
function drawYears() {
  const all = G.nodes.filter(n => n.k === CASE).map(span).filter(Boolean);
  if (!all.length) return el('div');
  const [low, high] = [Math.min(...all.map(s => s[0])), Math.max(...all.map(s => s[1]))];
  const pick = (which, chosen) => el('select', { 'aria-label': which ? 'To year' : 'From year', 'data-key': `year ${which}`, onchange: e => go(s => {
    const next = [...(s.years || [low, high])]; next[which] = +e.target.value; if (next[0] > next[1]) next[1 - which] = next[which];
    s.years = next[0] === low && next[1] === high ? null : next; }) },
  Array.from({ length: high - low + 1 }, (_, i) => el('option', { value: low + i, selected: low + i === chosen }, String(low + i))));
  const now = state.years || [low, high];
  const made = el('details', { 'data-facet': 'years' }, el('summary', { 'data-key': 'open years' }, 'Years'), el('div', { class: 'span' }, pick(0, now[0]), 'to', pick(1, now[1])));
  made.open = open.has('years') || !!state.years;
  made.addEventListener('toggle', () => { if (made.open) open.add('years'); else open.delete('years'); });
  return made;
}
function filterTexts() {
  const said = [];
  for (const f of G.facets) for (const v of state.filters.get(f.id) || []) said.push([`${f.name}: ${f.values[v][1]}`, () => toggle(f.id, v)]);
  if (state.years) said.push([`Years: ${state.years.join('\u2013')}`, () => go(s => { s.years = null; })]);
  for (const k of state.hide) said.push([`Without: ${G.kinds[k].name}`, () => go(s => { s.hide.delete(k); })]);
  if (state.alone && byId.has(state.node)) said.push(['Shown alone', () => go(s => { s.alone = false; })]);
  return said;
}
const clearAll = () => go(s => { s.filters.clear(); s.years = null; s.hide.clear(); s.alone = false; });
function drawChips() {
  const said = filterTexts();
  $('chips').replaceChildren(...said.map(([text, drop]) => el('button', { type: 'button', 'aria-label': `Remove ${text}`, onclick: drop }, text)),
    ...(said.length > 1 ? [el('button', { type: 'button', class: 'clear', onclick: clearAll }, 'Clear all')] : []));
}
function startSearch(box, list, pick, kinds = null) {
  let hits = [], on = -1;
  const paint = () => {
    list.hidden = !hits.length && !box.value.trim();
    box.setAttribute('aria-expanded', String(!list.hidden));
    list.replaceChildren(...(hits.length ? hits.map((hit, i) => el('li', { role: 'option', id: `${list.id}-${i}`, 'aria-selected': String(i === on), onpointerdown: e => { e.preventDefault(); take(i); } },
      hit.facet ? el('span', { class: 'glyph', 'aria-hidden': 'true' }, '\u2261') : glyph(G.nodes[hit.node].k),
      el('span', {}, hit.facet ? hit.facet.values[hit.value][1] : G.nodes[hit.node].l, el('small', {}, hit.facet ? `${hit.facet.name}: filter` : G.kinds[G.nodes[hit.node].k].one + (G.nodes[hit.node].k === CASE && !G.nodes[hit.node].off ? `, ${G.islands[G.nodes[hit.node].h].l}` : '')))))
      : [el('li', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, 'Nothing here is called that.')]));
    if (on >= 0) box.setAttribute('aria-activedescendant', `${list.id}-${on}`); else box.removeAttribute('aria-activedescendant');
  };
  const close = () => { hits = []; on = -1; list.hidden = true; box.setAttribute('aria-expanded', 'false'); };
  const take = i => { const hit = hits[i]; if (!hit) return; box.value = ''; close(); pick(hit); };
  box.addEventListener('input', () => { hits = search(box.value, 12, kinds); on = hits.length ? 0 : -1; if (box.value.trim()) paint(); else close(); });
  box.addEventListener('keydown', e => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { if (hits.length) { on = (on + (e.key === 'ArrowDown' ? 1 : hits.length - 1)) % hits.length; paint(); } e.preventDefault(); }
    else if (e.key === 'Enter') { take(Math.max(on, 0)); e.preventDefault(); }
    else if (e.key === 'Escape') { e.stopPropagation(); if (box.value) { box.value = ''; close(); } else box.blur(); }
  });
  box.addEventListener('blur', close);
}
