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

    // The number of amounts in memory at which the caller must take the rows: one for each metric, day, and value of a dimension.
    private const int MaxAmounts = 100_000;

    private readonly SortedDictionary<string, MetricDays> _metrics = new(StringComparer.Ordinal);
    private int _amounts;
    private int _part;

    /// <summary>Gets whether the caller must take the rows before it adds more events.</summary>
    public bool IsFull => _amounts >= MaxAmounts;

    /// <summary>Gets the totals of each metric so far, including those of the rows that were taken.</summary>
    public IReadOnlyDictionary<string, ImportedMetric> Metrics =>
        _metrics.ToDictionary(metric => metric.Key, metric => metric.Value.ToImported(dimensions));

    /// <summary>
    /// Gets the dimensions with more than <see cref="MaxValues"/> values for a metric, as <c>metric by dimension</c>. The values that came
    /// later are added up together.
    /// </summary>
    public IReadOnlyList<string> Merged =>
        [.. _metrics.SelectMany(metric =>
            dimensions.Where((_, i) => metric.Value.IsMerged[i]).Select(dimension => $"{metric.Key} by {dimension}"))];

    /// <summary>Adds an event.</summary>
    /// <returns><see langword="false"/> if the event's metric exceeds the maximum number of metrics of a file.</returns>
    public bool TryAdd(CsvEvent csvEvent)
    {
        if (!_metrics.TryGetValue(csvEvent.Metric, out var metric))
        {
            if (_metrics.Count == MaxMetrics)
            {
                return false;
            }

            _metrics.Add(csvEvent.Metric, metric = new MetricDays(dimensions.Count));
        }

        _amounts += metric.Add(csvEvent);
        return true;
    }

    /// <summary>Returns the rows of all events since the last call, ordered by partition and row key, and frees their memory.</summary>
    public List<NewDayRow> TakeRows()
    {
        List<NewDayRow> rows = [.. _metrics.SelectMany(metric =>
            metric.Value.Days.SelectMany(day => Rows(metric.Key, day.Key, day.Value)))];
        foreach (var metric in _metrics.Values)
        {
            metric.Days.Clear();
        }

        _amounts = 0;
        _part++;
        rows.Sort(static (left, right) => string.CompareOrdinal(left.Partition, right.Partition) is var partition and not 0 ? partition
            : string.CompareOrdinal(left.Row, right.Row));
        return rows;
    }

    private IEnumerable<NewDayRow> Rows(string metric, DateOnly day, DayAmounts amounts)
    {
        var partition = AnalyticsTable.Partition(metric, day);
        yield return new(partition, AnalyticsTable.Row("", day, rowsId, _part), RowBody.Write(new DayRow { Total = amounts.Total }));
        for (var i = 0; i < dimensions.Count; i++)
        {
            if (amounts.Values[i].Count > 0 || amounts.Other[i].Events > 0)
            {
                var row = new DayRow { Values = amounts.Values[i], Other = amounts.Other[i].Events > 0 ? amounts.Other[i] : null };
                yield return new(partition, AnalyticsTable.Row(dimensions[i], day, rowsId, _part), RowBody.Write(row));
            }
        }
    }

    private sealed class DayAmounts(int dimensions)
    {
        public Amount Total { get; set; }

        public Amount[] Other { get; } = new Amount[dimensions];

        public Dictionary<string, Amount>[] Values { get; } =
            [.. Enumerable.Range(0, dimensions).Select(_ => new Dictionary<string, Amount>(StringComparer.Ordinal))];
    }

    private sealed class MetricDays(int dimensions)
    {
        private readonly HashSet<string>[] _knownValues = [.. Enumerable.Range(0, dimensions)
            .Select(_ => new HashSet<string>(StringComparer.Ordinal))];
        private DateOnly _from = DateOnly.MaxValue;
        private DateOnly _to = DateOnly.MinValue;
        private long _events;

        public Dictionary<DateOnly, DayAmounts> Days { get; } = [];

        public bool[] IsMerged { get; } = new bool[dimensions];

        /// <summary>Adds an event.</summary>
        /// <returns>The number of new amounts in memory.</returns>
        public int Add(CsvEvent csvEvent)
        {
            var amount = new Amount(csvEvent.Value, 1);
            var newAmounts = 0;
            if (!Days.TryGetValue(csvEvent.Day, out var day))
            {
                Days.Add(csvEvent.Day, day = new DayAmounts(dimensions));
                newAmounts = 1 + dimensions;
            }

            (_from, _to) = (csvEvent.Day < _from ? csvEvent.Day : _from, csvEvent.Day > _to ? csvEvent.Day : _to);
            _events++;
            day.Total += amount;
            for (var i = 0; i < dimensions; i++)
            {
                var value = csvEvent.Values[i];
                if (value.Length == 0)
                {
                    continue;
                }

                if (!_knownValues[i].Contains(value) && (_knownValues[i].Count == MaxValues || !_knownValues[i].Add(value)))
                {
                    IsMerged[i] = true;
                    day.Other[i] += amount;
                    continue;
                }

                ref var valueAmount = ref CollectionsMarshal.GetValueRefOrAddDefault(day.Values[i], value, out var exists);
                valueAmount += amount;
                newAmounts += exists ? 0 : 1;
            }

            return newAmounts;
        }

        public ImportedMetric ToImported(IReadOnlyList<string> names) =>
            new(_from, _to, _events, [.. names.Where((_, i) => _knownValues[i].Count > 0)]);
    }
}
