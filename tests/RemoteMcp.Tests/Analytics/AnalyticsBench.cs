using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Tools;
using RemoteMcp.Tools.Analytics;
using RemoteMcp.Tools.Analytics.Import;
using RemoteMcp.Tools.Analytics.Store;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>Provides a store, the imports into it, and a server that queries it. The current day is Wednesday, 18 March 2026.</summary>
internal sealed class AnalyticsBench : IDisposable
{
    public const string Header = "timestamp,metric,value,country,plan\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("analytics");

    public AnalyticsBench() => Store = new MemoryStateStore(Clock);

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 18, 12, 0, 0, TimeSpan.Zero));

    public IStateStore Store { get; init; }

    public AnalyticsOptions Options { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ImportLog Log => new(Store);

    public string Write(string content) => Write(Encoding.UTF8.GetBytes(content));

    public string Write(byte[] content)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.csv");
        File.WriteAllBytes(path, content);
        return path;
    }

    public Task<ImportReport> ImportAsync(string content, bool strict = false) => ImportFileAsync(Write(content), strict);

    public Task<ImportReport> ImportFileAsync(
        string path, bool strict = false, IStateStore? store = null, IProgress<ImportProgress>? progress = null)
    {
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        return new CsvImport(new DayRows(store ?? Store), new ImportLog(store ?? Store), options, Clock)
            .RunAsync(new ImportRequest(path, Strict: strict), progress ?? new Progress<ImportProgress>(), Cancel);
    }

    public Task<ImportRecord> RemoveAsync(string id) => new ImportRemoval(new DayRows(Store), Log).RunAsync(id, Cancel);

    /// <summary>Returns the sums of a metric over all its days, in total or by a dimension.</summary>
    public async Task<MetricAnswer?> SumAsync(string metric, string? dimension = null)
    {
        var catalog = await Catalog.ReadAsync(Log, Cancel);
        return catalog.Metrics.TryGetValue(metric, out var found)
            ? await new MetricQuery(new DayRows(Store)).RunAsync(found, ComparedPeriod.Of(found.Days), dimension, Cancel)
            : null;
    }

    public Task<ToolServer> ServeAsync() => ToolServer.StartAsync(services => services
        .AddSingleton(Store)
        .AddSingleton<TimeProvider>(Clock)
        .Configure<AnalyticsOptions>(options => options.TimeZone = Options.TimeZone));

    public void Dispose() => _folder.Delete(recursive: true);
}
