// What is in the graph: neighbours, filters with counts, search, paths. No drawing.
let G, D = null;                       // graph; details (come a moment later)
let byId, adjacent, shownNode, shownEdge, passes, counts, shownCases, undated, version = 0;
const CASE = 0;

function prepare() {
  byId = new Map(G.nodes.map((node, i) => [node.id, i]));
  adjacent = G.nodes.map(() => []);
  G.edges.forEach(([a, b], e) => { adjacent[a].push([e, b]); adjacent[b].push([e, a]); });
  G.nodes.forEach(node => { node.cases = []; node.off = node.h < 0; });      // off: a case that only stands behind ties
  G.nodes.forEach((node, i) => { if (node.k !== CASE) node.cases = G.ties ? [...new Set(adjacent[i].flatMap(([e]) => G.edges[e][4]))].sort((a, b) => a - b) : [...new Set(adjacent[i].map(([, o]) => o).filter(o => G.nodes[o].k === CASE))]; });
  for (const node of G.nodes) node.reach = node.s;
  G.nodes.forEach((node, i) => { if (node.cases.length === 1) { const c = G.nodes[node.cases[0]]; if (c.h === node.h) c.reach = Math.max(c.reach, Math.hypot(node.x - c.x, node.y - c.y) + node.s); } });
  shownNode = new Uint8Array(G.nodes.length);
  shownEdge = new Uint8Array(G.edges.length);
  passes = new Uint8Array(G.nodes.length);
}
const span = node => { const [from, to] = node.t || []; return from || to ? [from || to, to || from] : null; };
const inYears = (node, years) => { const s = span(node); return !!s && s[0] <= years[1] && s[1] >= years[0]; };

/** Which cases pass, which nodes and links are shown, and the counts of every facet under the other filters. */
function compute() {
  version++;
  counts = new Map(G.facets.map(f => [f.id, new Uint32Array(f.values.length)]));
  const active = [...state.filters.entries()];
  const dropped = new Map();
  shownCases = 0; undated = 0;
  G.nodes.forEach((node, i) => {
    if (node.k !== CASE) return;
    const failed = active.filter(([f, wanted]) => !(node.f[f] || []).some(v => wanted.has(v))).map(([f]) => f);
    if (state.years && !inYears(node, state.years)) failed.push('years');
    passes[i] = failed.length ? 0 : 1;
    if (!failed.length) { shownCases++; if (!span(node)) undated++; }
    if (failed.length === 1) dropped.set(failed[0], (dropped.get(failed[0]) || 0) + 1);
    if (failed.length > 1) return;
    for (const f of G.facets) if (!failed.length || failed[0] === f.id) for (const v of node.f[f.id] || []) counts.get(f.id)[v]++;
  });
  const only = state.alone && byId.has(state.node) ? new Set([byId.get(state.node), ...adjacent[byId.get(state.node)].map(([, o]) => o)]) : null;
  G.nodes.forEach((node, i) => {
    const on = node.k === CASE ? passes[i] : node.cases.some(c => passes[c]);
    shownNode[i] = on && !state.hide.has(node.k) && (!only || only.has(i)) ? 1 : 0;
  });
  G.edges.forEach((edge, e) => { shownEdge[e] = shownNode[edge[0]] && shownNode[edge[1]] && (!edge[4] || edge[4].some(c => passes[c])) ? 1 : 0; });
  return dropped;
}
function perKind() {
  const n = G.kinds.map(() => 0);
  G.nodes.forEach((node, i) => { if (node.k === CASE ? passes[i] : node.cases.some(c => passes[c])) n[node.k]++; });
  return n;
}

/** In how many of the cases that pass a tie stands. */
const weight = e => G.edges[e][4] ? G.edges[e][4].reduce((n, c) => n + passes[c], 0) : 1;
/** What a thing can be found by, made when it is first looked for. */
const textOf = node => node.text ??= fold([node.l, ...(node.also || []), node.id.split(':').pop().replace(/-/g, ' ')].join(' \u0001 '));
/** Things, countries and values of facets whose name holds every word; best first. */
function search(text, most = 12, kinds = null) {
  const words = fold(text).split(/\s+/).filter(Boolean), found = [];
  if (!words.length) return found;
  const score = (label, all) => {
    if (!words.every(w => all.includes(w))) return 0;
    const name = fold(label);
    return 1 + (name.startsWith(words[0]) ? 1 : 0) + words.filter(w => name.split(/[^\p{L}\p{N}]+/u).includes(w)).length + words.join(' ').length / (name.length + 1);
  };
  G.nodes.forEach((node, i) => { const s = score(node.l, textOf(node)); if (s) found.push({ s: s + (node.k === CASE ? .4 : .2), node: i }); });
  if (!kinds) {
    for (const f of G.facets) if (f.id !== 'source-kind' && f.id !== 'attribution') f.values.forEach(([id, label], v) => {
      const s = score(label, fold(label) + ' ' + id); if (s) found.push({ s: s + .3, facet: f, value: v });
    });
  }
  return found.sort((a, b) => b.s - a.s || (a.node ?? 1e9) - (b.node ?? 1e9)).slice(0, most);
}

const CONCEPTS = ['sector', 'mechanism', 'collaboration-form', 'country', 'call', 'programme'];
/** The shortest chain between two things: through cases and actors, or also through what cases share. Looks at everything, not only at what is drawn. */
function chain(start, end, concepts) {
  const before = new Map([[start, null]]), queue = [start];
  const members = new Map();
  if (concepts) G.nodes.forEach((node, i) => { for (const f of CONCEPTS) for (const v of (node.f || {})[f] || []) { const key = `${f}\u0000${v}`; if (!members.has(key)) members.set(key, []); members.get(key).push(i); } });
  const next = here => {
    if (typeof here === 'string') return members.get(here).map(i => [null, i]);
    const near = adjacent[here].filter(([, o]) => !G.nodes[o].hub || o === end).sort((a, b) => (G.nodes[a[1]].id < G.nodes[b[1]].id ? -1 : 1));
    if (concepts) for (const f of CONCEPTS) for (const v of (G.nodes[here].f || {})[f] || []) near.push([null, `${f}\u0000${v}`]);
    return near;
  };
  for (let q = 0; q < queue.length && !before.has(end); q++) for (const [edge, there] of next(queue[q])) {
    if (!before.has(there)) { before.set(there, [queue[q], edge]); queue.push(there); }
  }
  if (!before.has(end)) return null;
  const hops = [];
  for (let here = end; before.get(here); here = before.get(here)[0]) hops.unshift({ from: before.get(here)[0], edge: before.get(here)[1], to: here });
  return hops;
}
const WORDS = { grantee: ['is led by', 'leads'], partner: ['has the partner', 'is a partner in'], 'public-body': ['involves', 'has a part in'], related: ['is connected with', 'is connected with'], tie: ['is tied to', 'is tied to'] };
const BY = { sector: ['works in the sector', 'is the sector of'], mechanism: ['uses', 'is used in'], 'collaboration-form': ['has the form', 'is a form in'],
  country: ['works in', 'is the country of'], call: ['was chosen in', 'chose'], programme: ['belongs to', 'supports'] };
const nameOf = at => typeof at === 'string' ? G.facets.find(f => f.id === at.split('\u0000')[0]).values[+at.split('\u0000')[1]][1] : G.nodes[at].l;
function verb(hop) {
  if (hop.edge === null) return typeof hop.from === 'string' ? BY[hop.from.split('\u0000')[0]][1] : BY[hop.to.split('\u0000')[0]][0];
  const [first, , part] = G.edges[hop.edge], words = WORDS[part] || BY[part] || ['is linked with', 'is linked with'];
  return hop.from === first ? words[0] : words[1];
}
/** Cases most like this one by what they share, each with the reasons. */
function similar(at, most = 5) {
  const mine = G.nodes[at].f, found = [];
  G.nodes.forEach((node, i) => {
    if (i === at || node.k !== CASE) return;
    let same = 0, all = 0; const why = [];
    for (const [f, weight] of [['mechanism', 2], ['sector', 2], ['result-kind', 1], ['collaboration-form', 1], ['country', 1], ['region', .5]]) {
      const a = new Set(mine[f] || []), b = node.f[f] || [];
      const both = b.filter(v => a.has(v));
      same += weight * both.length; all += weight * (a.size + b.length - both.length);
      if (both.length && f !== 'region' && f !== 'result-kind') why.push(...both.map(v => G.facets.find(x => x.id === f).values[v][1]));
    }
    if (same && all) found.push({ node: i, share: same / all, why });
  });
  return found.sort((a, b) => b.share - a.share || (G.nodes[a.node].id < G.nodes[b.node].id ? -1 : 1)).slice(0, most);
}
