using System.Runtime.InteropServices;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>
/// Adds up events by metric and day, in total and by the values of each dimension. Memory is limited: when <see cref="IsFull"/> is
/// <see langword="true"/>, the caller takes the rows, and later events go to rows with the next part number. The result depends only on the
/// events and their order, so the same file always produces the same rows.
/// </summary>
internal sealed class DayTotals(IReadOnlyList<string> dimensions, string rowsId)
{
    /// <summary>The version of the row format. It changes whenever the same events would produce different rows.</summary>
    public const int Version = 1;

    /// <summary>The maximum number of metrics of a file.</summary>
    public const int MaxMetrics = 100;

    /// <summary>
    /// The maximum number of values of a dimension that are kept separately for each metric. A row with this number of values stays below
    /// the size limit of a body.
    /// </summary>
    public const int MaxValues = 1000;

    private const int MaxCells = 100_000;

    private readonly SortedDictionary<string, MetricDays> _metrics = new(StringComparer.Ordinal);
    private int _cells;
    private int _part;

    /// <summary>Gets whether the caller must take the rows before it adds more events.</summary>
    public bool IsFull => _cells >= MaxCells;

    /// <summary>Gets the data that was added so far, including rows that were taken.</summary>
    public IReadOnlyDictionary<string, ImportedMetric> Metrics =>
        _metrics.ToDictionary(metric => metric.Key, metric => metric.Value.ToImported(dimensions));

    /// <summary>Gets the dimensions of a metric that have more than <see cref="MaxValues"/> values.</summary>
    public IReadOnlyList<string> Merged =>
        [.. _metrics.SelectMany(metric =>
            dimensions.Where((_, i) => metric.Value.IsMerged[i]).Select(dimension => $"{metric.Key} by {dimension}"))];

    /// <summary>Adds an event.</summary>
    /// <returns><see langword="false"/> if the event's metric exceeds the maximum number of metrics of a file.</returns>
    public bool TryAdd(CsvEvent added)
    {
        if (!_metrics.TryGetValue(added.Metric, out var metric))
        {
            if (_metrics.Count == MaxMetrics)
            {
                return false;
            }

            _metrics.Add(added.Metric, metric = new MetricDays(dimensions.Count));
        }

        _cells += metric.Add(added);
        return true;
    }

    /// <summary>Removes the rows and returns them, ordered by partition and row key.</summary>
    public List<NewDayRow> Take()
    {
        List<NewDayRow> rows = [.. _metrics.SelectMany(metric =>
            metric.Value.Days.SelectMany(day => Rows(metric.Key, day.Key, day.Value)))];
        foreach (var metric in _metrics.Values)
        {
            metric.Days.Clear();
        }

        _cells = 0;
        _part++;
        rows.Sort(static (left, right) => string.CompareOrdinal(left.Partition, right.Partition) is var partition and not 0 ? partition
            : string.CompareOrdinal(left.Row, right.Row));
        return rows;
    }

    private IEnumerable<NewDayRow> Rows(string metric, DateOnly day, DayCells cells)
    {
        var partition = AnalyticsTable.Partition(metric, day);
        yield return new(partition, AnalyticsTable.Row("", day, rowsId, _part), RowBody.Write(new DayRow { Total = cells.Total }));
        for (var i = 0; i < dimensions.Count; i++)
        {
            if (cells.Values[i].Count > 0 || cells.Other[i].Events > 0)
            {
                var row = new DayRow { Values = cells.Values[i], Other = cells.Other[i].Events > 0 ? cells.Other[i] : null };
                yield return new(partition, AnalyticsTable.Row(dimensions[i], day, rowsId, _part), RowBody.Write(row));
            }
        }
    }

    private sealed class DayCells(int dimensions)
    {
        public Amount Total { get; set; }

        public Amount[] Other { get; } = new Amount[dimensions];

        public Dictionary<string, Amount>[] Values { get; } =
            [.. Enumerable.Range(0, dimensions).Select(_ => new Dictionary<string, Amount>(StringComparer.Ordinal))];
    }

    private sealed class MetricDays(int dimensions)
    {
        private readonly HashSet<string>[] _known = [.. Enumerable.Range(0, dimensions)
            .Select(_ => new HashSet<string>(StringComparer.Ordinal))];
        private DateOnly _from = DateOnly.MaxValue;
        private DateOnly _to = DateOnly.MinValue;
        private long _events;

        public Dictionary<DateOnly, DayCells> Days { get; } = [];

        public bool[] IsMerged { get; } = new bool[dimensions];

        /// <returns>The number of new cells.</returns>
        public int Add(CsvEvent added)
        {
            var amount = new Amount(added.Value, 1);
            var cells = 0;
            if (!Days.TryGetValue(added.Day, out var day))
            {
                Days.Add(added.Day, day = new DayCells(dimensions));
                cells = 1 + dimensions;
            }

            (_from, _to) = (added.Day < _from ? added.Day : _from, added.Day > _to ? added.Day : _to);
            _events++;
            day.Total += amount;
            for (var i = 0; i < dimensions; i++)
            {
                var value = added.Values[i];
                if (value.Length == 0)
                {
                    continue;
                }

                if (!_known[i].Contains(value) && (_known[i].Count == MaxValues || !_known[i].Add(value)))
                {
                    IsMerged[i] = true;
                    day.Other[i] += amount;
                    continue;
                }

                ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(day.Values[i], value, out var exists);
                cell += amount;
                cells += exists ? 0 : 1;
            }

            return cells;
        }

        public ImportedMetric ToImported(IReadOnlyList<string> names) =>
            new(_from, _to, _events, [.. names.Where((_, i) => _known[i].Count > 0)]);
    }
}
