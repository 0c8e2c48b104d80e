/* The same problem on a list of edges by LEMON's network simplex. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads two int32 n and m, m pairs of int32 (row, column), m doubles (costs); prints CPU seconds of the solve alone and the sum. Costs are
 * rounded to 2^-40 of the largest, as it wants whole numbers. */
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <vector>

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

static double cpu()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

template <class T> static bool get(std::FILE *file, std::vector<T> &out)
{
    return std::fread(out.data(), sizeof(T), out.size(), file) == out.size();
}

int main(int argc, char **argv)
{
    std::FILE *file = argc == 2 ? std::fopen(argv[1], "rb") : nullptr;
    std::vector<int32_t> head(2);
    if (!file || !get(file, head))
        return 1;
    const int n = head[0], m = head[1];
    std::vector<int32_t> ends(2 * static_cast<size_t>(m));
    std::vector<double> cost(static_cast<size_t>(m));
    const bool good = get(file, ends) && get(file, cost);
    std::fclose(file);
    if (!good)
        return 1;
    double largest = 0;
    for (const double c : cost)
        largest = std::fmax(largest, c);
    typedef lemon::SmartDigraph Graph;
    Graph graph;
    graph.reserveNode(2 * n);
    graph.reserveArc(m);
    for (int k = 0; k < 2 * n; k++)
        graph.addNode();
    Graph::ArcMap<int64_t> weight(graph);
    Graph::NodeMap<int> supply(graph);
    for (int k = 0; k < n; k++) {
        supply[graph.nodeFromId(k)] = 1;
        supply[graph.nodeFromId(n + k)] = -1;
    }
    for (int k = 0; k < m; k++)
        weight[graph.addArc(graph.nodeFromId(ends[2 * k]), graph.nodeFromId(n + ends[2 * k + 1]))] =
            std::llround(std::ldexp(cost[k] / largest, 40));
    lemon::NetworkSimplex<Graph, int, int64_t> simplex(graph);
    simplex.costMap(weight).supplyMap(supply);
    const double start = cpu();
    if (simplex.run() != simplex.OPTIMAL)
        return 1;
    const double seconds = cpu() - start;
    double sum = 0;
    for (int k = 0; k < m; k++)
        sum += simplex.flow(graph.arcFromId(k)) ? cost[k] : 0;
    std::printf("%.17g %.17g\n", seconds, sum);
    return 0;
}
