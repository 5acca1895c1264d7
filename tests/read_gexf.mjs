// Reads a GEXF file with graphology-gexf and prints what it holds as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const { MultiDirectedGraph, MultiUndirectedGraph } = require("graphology");
const gexf = require("graphology-gexf/node");
const [, , file, directed] = process.argv;
const graph = gexf.parse(directed === "directed" ? MultiDirectedGraph : MultiUndirectedGraph, readFileSync(file, "utf-8"));
console.log(JSON.stringify({
  type: graph.type, multi: graph.multi, order: graph.order, size: graph.size,
  nodes: Object.fromEntries(graph.mapNodes((node, attributes) => [node, attributes])),
  edges: Object.fromEntries(graph.mapEdges((edge, attributes, source, target) => [edge, { source, target, ...attributes }])),
}));
